/* global document, Worker -- they are the page's */
// The documentation is true: its programs are scenarios that run on every target, its names are the header's, its
// links lead somewhere, and its pages and scripts do what they say.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { dirname, join, relative } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import send from 'send';
import { browserNames, withBrowser, withPage } from './support/browser.mjs';
import { untilText } from './support/page.mjs';
import { compiledScenarios, inNewFolder, runProcess } from './support/scenarios.mjs';

const time = { timeout: 120_000 };
const project = fileURLToPath(new URL('../', import.meta.url));
const read = (path) => readFileSync(join(project, path), 'utf8');
const namesIn = (folder) => readdirSync(join(project, folder));
const guide = namesIn('docs/guide').map((name) => `docs/guide/${name}`);
const docs = namesIn('docs').filter((name) => name.endsWith('.md'));
const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...['bench/README.md', 'src/README.md', 'tests/README.md'],
  ...docs.map((name) => `docs/${name}`),
  ...guide,
];

// --- programs

// Without its first comment, and what names the lines of the rest.
const shownOf = (program) => program.replace(/^\/\*[^]*?\*\/\n(#line 1 .*\n)?/, '');
const scenario = (name, ending) => read(`tests/scenarios/${name}.${ending}`);
const block = (language) => new RegExp('```' + language + '\\n([^]*?)```');

function programsOf(page) {
  const shown = /^`tests\/scenarios\/(\w+)\.c`.*:\n\n```c\n([^]*?)```\n\n```text\n([^]*?)```$/gm;
  return [...read(page).matchAll(shown)].map(([, name, program, output]) => ({
    name,
    program,
    output,
  }));
}

test("the README's programs are the scenario `readme`, which runs on every target and in CPython", () => {
  assert.equal(read('README.md').match(block('c'))[1], shownOf(scenario('readme', 'c')));
  assert.equal(read('README.md').match(block('python'))[1], scenario('readme', 'py'));
});

describe('the guide', () => {
  test('has its programs and outputs from the scenarios, and shows each `guide_*` once', () => {
    const shown = guide.flatMap(programsOf);
    for (const { name, program, output } of shown) {
      assert.equal(program, shownOf(scenario(name, 'c')), name);
      assert.equal(output, scenario(name, 'txt'), name);
    }
    const names = namesIn('tests/scenarios').filter((file) => /^guide_\w+\.c$/.test(file));
    const wanted = ['readme', ...names.map((file) => file.replace('.c', ''))];
    assert.deepEqual(shown.map(({ name }) => name).sort(), wanted.sort());
  });

  test('has a program on each page', () => {
    const isWithout = (page) => programsOf(page).length === 0 && !block('js').test(read(page));
    assert.deepEqual(guide.filter(isWithout), []);
  });

  test('shows the twin in Python that CPython runs', () => {
    const name = 'guide_from_asyncio';
    assert.equal(
      read('docs/guide/from-asyncio.md').match(block('python'))[1],
      scenario(name, 'py'),
    );
  });

  test('imports a program under Node as it shows', time, () =>
    inNewFolder(async (folder) => {
      const page = read('docs/guide/node.md');
      for (const ending of ['mjs', 'wasm']) {
        await copyFile(
          join(compiledScenarios, `guide_page.${ending}`),
          join(folder, ending === 'mjs' ? 'primes.mjs' : 'primes.wasm'),
        );
      }
      await writeFile(join(folder, 'importing.mjs'), page.match(block('js'))[1]);
      const { stdout, stderr } = await runProcess(process.execPath, ['importing.mjs'], folder);
      assert.equal(stderr, '');
      assert.equal(stdout, page.match(block('text'))[1]);
    }),
  );
});

// Serves texts by their paths, and `primes.mjs` and what is beside it. Promise of { url, close }.
async function startPrimes(texts, headers = {}) {
  const types = { html: 'text/html', mjs: 'text/javascript' };
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const path = request.url.slice(1) || 'index.html';
    if (Object.hasOwn(texts, path)) {
      response.setHeader('Content-Type', types[path.split('.').pop()]);
      response.end(texts[path]);
    } else {
      send(request, request.url.replace('primes', 'guide_page'), { root: compiledScenarios }).pipe(
        response,
      );
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => new Promise((resolve) => server.close(resolve).closeAllConnections());
  return { url: `http://127.0.0.1:${server.address().port}/`, close };
}

const icon = '<link rel="icon" href="data:,">';

for (const name of browserNames) {
  test(`the guide's page in ${name}: its program, Stop, the policy, a worker`, time, async (t) => {
    const html = icon + read('docs/guide/page.md').match(block('html'))[1];
    await withBrowser(name, async (browser) => {
      const inPage = async (texts, headers, work) => {
        const server = await startPrimes(texts, headers);
        try {
          return await withPage(browser, server.url, work);
        } finally {
          await server.close();
        }
      };

      await t.test('runs to its end', time, () =>
        inPage({ 'index.html': html }, {}, async (page) => {
          const text = await untilText(page, '#output', /exit code/);
          assert.match(text, /^(\d+ primes below \d+\n){4}exit code 0\n$/);
          assert.equal(await page.$eval('#stop', (button) => button.disabled), true);
        }),
      );

      await t.test('is interrupted', time, () => {
        const endless = html.replace("'200000'", "'2000000000'");
        assert.notEqual(endless, html);
        return inPage({ 'index.html': endless }, {}, async (page) => {
          await page.waitForFunction(() => document.querySelector('#stop').onclick);
          await page.click('#stop');
          assert.match(await untilText(page, '#output', /exit code/), /exit code 1\n$/);
        });
      });

      await t.test(
        'runs under the policy that web.md names, in the page and in a worker',
        time,
        () => {
          const [, policy] = read('docs/web.md').match(/Content-Security-Policy: (.*)/);
          const run =
            "import create from './primes.mjs'; export const run = (tell) => create({ onOutput: () => {}, onExit: tell });";
          const worker = "import { run } from './run.mjs'; run((code) => postMessage(code));";
          const texts = {
            'index.html': `<!doctype html>${icon}`,
            'run.mjs': run,
            'worker.mjs': worker,
          };
          const headers = { 'Content-Security-Policy': `default-src 'self' data:; ${policy}` };
          return inPage(texts, headers, async (page) => {
            const codes = await page.evaluate(async () => {
              const { run: inPageItself } = await import('/run.mjs');
              const own = await new Promise((resolve) => inPageItself(resolve));
              const other = new Worker('/worker.mjs', { type: 'module' });
              const its = await new Promise((resolve, reject) => {
                other.onmessage = ({ data }) => resolve(data);
                other.onerror = ({ message }) => reject(new Error(message));
              });
              return [own, its];
            });
            assert.deepEqual(codes, [0, 0]);
          });
        },
      );
    });
  });
}

// --- names

const header = read('include/spindle.h');
const withoutComments = header.replace(/\/\*[^]*?\*\/|^typedef .*$/gm, '');

test("asyncio.md names each of spindle.h's functions that a program calls", () => {
  const declared = [...withoutComments.matchAll(/\b(sp_(?!_)[a-z_]+)(?=\()/g)].map(
    ([, name]) => name,
  );
  const functions = new Set(declared.map((name) => name.replace(/_from$/, '')));
  const table = read('docs/asyncio.md');
  // In the header only: what belongs to one that is named.
  const exceptions = [
    'sp_strerror',
    'sp_error_name',
    'sp_has_threads',
    'sp_response_header',
    'sp_version',
  ];
  const missing = [...functions].filter(
    (name) => !table.includes(name) && !exceptions.includes(name),
  );
  assert.deepEqual(missing, []);
});

test('a name of spindle.h that a page uses is in spindle.h', () => {
  const known = new Set(header.match(/\b(sp|SP)_\w+/g));
  const isKnown = (name) =>
    name.endsWith('_')
      ? [...known].some((one) => one.startsWith(name)) // sp_as_completed_*
      : known.has(name);
  const unknown = pages
    .filter((page) => page !== 'CHANGELOG.md') // which tells of names that were
    .flatMap((page) =>
      (read(page).match(/(?<![\w/])(sp|SP)_\w+/g) ?? [])
        .filter((name) => !/^sp__/.test(name) && !isKnown(name))
        .map((name) => `${page}: ${name}`),
    );
  assert.deepEqual(unknown, []);
});

test('web.md names each option and method of a module', () => {
  const sources = namesIn('src/host/js').filter((name) => name.endsWith('.js'));
  const used = sources.flatMap((name) =>
    [...read(`src/host/js/${name}`).matchAll(/Module\['(\w+)'\]/g)].map(([, option]) => option),
  );
  // Emscripten's own, by which the host gets into the module.
  const exceptions = ['instantiateWasm', 'preRun', 'postRun', 'quit'];
  const web = read('docs/web.md');
  const missing = [...new Set(used)].filter(
    (option) => !new RegExp(`\`${option}\\b`).test(web) && !exceptions.includes(option),
  );
  assert.deepEqual(missing, []);
});

// --- links

const withoutCode = (text) => text.replace(/```[^]*?```/g, '').replace(/`[^`\n]*`/g, '');
const linksOf = (page) =>
  [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, to]) => to)
    .filter((to) => !/^[a-z]+:/.test(to));

// As GitHub makes them.
const anchorsOf = (page) =>
  [
    ...read(page)
      .replace(/```[^]*?```/g, '')
      .matchAll(/^#+ (.*)$/gm),
  ].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

test('every link leads to a file, and to a heading if it names one', () => {
  const broken = pages.flatMap((page) =>
    linksOf(page)
      .filter((to) => {
        const [path, anchor] = to.split('#');
        const target = path ? join(dirname(page), path) : page;
        if (!existsSync(join(project, target))) return true;
        return anchor !== undefined && !anchorsOf(target).includes(anchor);
      })
      .map((to) => `${page}: ${to}`),
  );
  assert.deepEqual(broken, []);
});

test('the index leads to every page, and the README to the index', () => {
  const reached = new Set(linksOf('docs/README.md').map((to) => join('docs', to.split('#')[0])));
  const missing = pages.filter(
    (page) => !reached.has(page) && !['README.md', 'docs/README.md'].includes(page),
  );
  assert.deepEqual(
    missing.map((page) => relative('.', page)),
    [],
  );
  assert.ok(linksOf('README.md').includes('docs/README.md'));
});

test('the README has at most 200 lines, and its picture at most 150 KB', () => {
  assert.ok(read('README.md').split('\n').length <= 201);
  const [, picture] = read('README.md').match(/!\[.*?\]\((.*?)\)/);
  assert.ok(readFileSync(join(project, picture)).length <= 150_000);
});
