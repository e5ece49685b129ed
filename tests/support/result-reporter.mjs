// A node:test reporter for tests/run-tests.sh: one line a test, `passed NAME` or `failed NAME`. What
// was skipped or put off has not passed. Suites are not counted, their tests are.

export default async function* (source) {
  const path = [];
  for await (const { type, data } of source) {
    if (type === 'test:start') path.splice(data.nesting, Infinity, data.name);
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details?.type === 'suite') continue;
    const name = [...path.slice(0, data.nesting), data.name].join(' > ').replace(/\s+/g, ' ');
    const omitted = data.skip !== undefined ? 'skipped' : data.todo !== undefined ? 'put off' : '';
    if (omitted) yield `failed ${name} (${omitted})\n`;
    else yield `${type === 'test:pass' ? 'passed' : 'failed'} ${name}\n`;
  }
}
