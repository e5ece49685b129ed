// What comes of answers that no server should send: each case of tests/hostile on each target, as http.md has
// it.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { browserNames, launchBrowser, withPage } from './support/browser.mjs';
import { readCases } from './support/hostile-server.mjs';
import { askCase, columnOf, readTable } from './support/hostile.mjs';

const cases = await readCases();
const { rows, problems } = readTable();
const time = { timeout: 90_000 };

test('each case has one row in http.md, and each row a case', () => {
  const listed = [...rows].map(([name, { section }]) => `${section}/${name}`);
  const made = [...cases].map(([name, { section }]) => `${section}/${name}`);
  assert.deepEqual(listed.sort(), made.sort());
});

test('no row of http.md is open', () => assert.deepEqual(problems, []));

// A browser starts with its first case.
const browsers = new Map();
const browserOf = (target) => {
  if (!browsers.has(target)) browsers.set(target, launchBrowser(target));
  return browsers.get(target);
};
after(async () => {
  for (const browser of browsers.values()) await (await browser).close();
});

const openerOf = (target) =>
  browserNames.includes(target) &&
  (async (url, work) => withPage(await browserOf(target), url, work, { expectedFaults: /./ }));

for (const target of ['native', 'native-asan', 'node', ...browserNames]) {
  for (const [name, one] of cases) {
    test(`${target}: ${name}`, time, async () => {
      const { outcome, messages, stderr, faults } = await askCase(one, target, openerOf(target));
      const expected = rows.get(name)?.[columnOf(target)] ?? [];
      assert.deepEqual(faults, []);
      assert.equal(stderr, '');
      assert.doesNotMatch(messages.join('\n'), /secret/);
      assert.ok(expected.includes(outcome), `${outcome}\nin place of ${expected.join(' or ')}`);
      if (one.messages) assert.match(messages.join('\n'), one.messages[columnOf(target)] ?? /^/);
    });
  }
}
