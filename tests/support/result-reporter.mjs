// A node:test reporter for tests/run-tests.sh: one line a test, `passed NAME`, `failed NAME` or, with the
// reason, `skipped NAME: REASON`. What was skipped without one or put off has failed. Suites are not
// counted, their tests are.

export default async function* (source) {
  const path = [];
  for await (const { type, data } of source) {
    if (type === 'test:start') path.splice(data.nesting, Infinity, data.name);
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details?.type === 'suite') continue;
    const name = [...path.slice(0, data.nesting), data.name].join(' > ').replace(/\s+/g, ' ');
    if (typeof data.skip === 'string' && data.skip) yield `skipped ${name}: ${data.skip}\n`;
    else if (data.skip !== undefined) yield `failed ${name} (skipped without a reason)\n`;
    else if (data.todo !== undefined) yield `failed ${name} (put off)\n`;
    else yield `${type === 'test:pass' ? 'passed' : 'failed'} ${name}\n`;
  }
}
