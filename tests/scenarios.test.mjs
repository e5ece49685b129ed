// Every scenario on every target: the same C source, the same trace.

import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { browserNames, launchBrowser, withPage } from './support/browser.mjs';
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

for (const target of ['native', 'native-asan', 'native-ucontext', 'node']) {
  describe(`scenarios on ${target}`, () => {
    let fixture;
    before(async () => (fixture = await startFixture()));
    after(() => fixture.close());
    for (const scenario of scenarios.filter((one) => isFor(one, target))) {
      test(`${target}: ${scenario.name}: ${scenario.idea}`, time, async () => {
        check(scenario, await runScenarioProcess(scenario, target, fixture));
      });
    }
  });
}

for (const target of browserNames) {
  describe(`scenarios in ${target}`, () => {
    let fixture, server, browser;
    before(async () => {
      fixture = await startFixture();
      server = await startScenarioServer();
      browser = await launchBrowser(target);
    });
    after(async () => {
      await browser?.close();
      await server?.close();
      await fixture?.close();
    });
    for (const scenario of scenarios.filter((one) => isFor(one, target))) {
      test(`${target}: ${scenario.name}: ${scenario.idea}`, time, async () => {
        const run = (page) => runScenarioInPage(scenario, page, fixture);
        const expectedFaults = scenario.server || scenario.exit === 'nonzero' ? /./ : undefined;
        check(scenario, await withPage(browser, server.url, run, { expectedFaults, seconds: 75 }));
      });
    }
  });
}

describe("CPython's asyncio prints the same traces", () => {
  const folder = fileURLToPath(new URL('scenarios/', import.meta.url));
  for (const scenario of scenarios.filter((one) => existsSync(folder + one.python))) {
    test(`python: ${scenario.python}`, time, async () => {
      const { stdout, stderr } = await runProcess('python3', [folder + scenario.python], folder);
      assert.equal(stdout, scenario.expected, stderr);
    });
  }
});
