// Every scenario on every target: the same C source, the same trace.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { browserNames, withBrowser, withPage } from './support/browser.mjs';
import { startFixture } from './support/fixture-server.mjs';
import {
  isFor,
  readScenarios,
  runProcess,
  runScenarioInPage,
  runScenarioProcess,
  startScenarioServer,
} from './support/scenarios.mjs';

const scenarios = readScenarios();
const time = { timeout: 90_000 };

function check(scenario, result) {
  assert.equal(result.stdout, scenario.expected, `stdout; stderr was:\n${result.stderr}`);
  if (scenario.exit === 'nonzero') assert.notEqual(result.exit, '0', 'exit code');
  else assert.equal(result.exit, scenario.exit, `exit code; stderr was:\n${result.stderr}`);
  for (const pattern of scenario.stderr) assert.match(result.stderr, pattern);
  if (scenario.stderr.length === 0) assert.equal(result.stderr, '', 'stderr');
  if (scenario.file) checkFile(scenario.file, result);
}

function checkFile([name, size], { file, left }) {
  const expected = Buffer.from(Array.from({ length: Number(size) }, (_, i) => i % 251));
  assert.ok(file, `${name} was not saved`);
  assert.ok(file.equals(expected), `${name} has not the bytes that were written`);
  assert.deepEqual(left, [], 'nothing else is left in the folder');
}

// One test a target, so that what it needs is there exactly while its scenarios run.

const natively = ['native', 'native-asan', 'native-ucontext', 'native-clang'];
const emulated = ['native-aarch64', 'native-i386', 'native-s390x'];

for (const target of [...natively, ...emulated, 'node']) {
  test(`scenarios on ${target}`, async (t) => {
    const fixture = await startFixture();
    try {
      for (const scenario of scenarios.filter((one) => isFor(one, target))) {
        await t.test(`${target}: ${scenario.name}: ${scenario.idea}`, time, async () => {
          check(scenario, await runScenarioProcess(scenario, target, fixture));
        });
      }
    } finally {
      await fixture.close();
    }
  });
}

for (const target of browserNames) {
  test(`scenarios in ${target}`, async (t) => {
    const fixture = await startFixture();
    const server = await startScenarioServer();
    try {
      await withBrowser(target, async (browser) => {
        for (const scenario of scenarios.filter((one) => isFor(one, target))) {
          await t.test(`${target}: ${scenario.name}: ${scenario.idea}`, time, async () => {
            const run = (page) => runScenarioInPage(scenario, page, fixture);
            const expectedFaults = scenario.server || scenario.exit === 'nonzero' ? /./ : undefined;
            const options = { expectedFaults, seconds: 75 };
            check(scenario, await withPage(browser, server.url, run, options));
          });
        }
      });
    } finally {
      await server.close();
      await fixture.close();
    }
  });
}

// CPython's asyncio prints the same traces.
const folder = fileURLToPath(new URL('scenarios/', import.meta.url));
for (const scenario of scenarios.filter((one) => existsSync(folder + one.python))) {
  test(`python: ${scenario.python}`, time, async () => {
    const { stdout, stderr } = await runProcess('python3', [folder + scenario.python], folder);
    assert.equal(stdout, scenario.expected, stderr);
  });
}
