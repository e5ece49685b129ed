// CPython's own tests: each has a row in conformance.md, and each row is shown by a behaviour or says
// why it cannot exist in C. That the behaviours hold is checked with the other scenarios, on every target.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { checkTable, describe, namesOfCPython, readNames } from './support/conformance.mjs';

const { problems, open, counts } = checkTable();

test("each of CPython's tests has one row", () => assert.deepEqual(problems, []));

test('each row names a behaviour that a scenario shows', (t) => {
  t.diagnostic(describe(counts));
  const missing = open.map(({ scenario, behaviour }) => `${scenario}/${behaviour}`);
  assert.deepEqual([...new Set(missing)], []);
});

// CPYTHON_TESTS: CPython's Lib/test/test_asyncio, where there is one.
if (process.env.CPYTHON_TESTS) {
  test("the list of CPython's tests is complete", () =>
    assert.deepEqual(readNames(), namesOfCPython(process.env.CPYTHON_TESTS)));
}
