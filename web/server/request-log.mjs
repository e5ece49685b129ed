// What the flag servers served, for tests and for the page: one entry a request, oldest first, and
// only the last ones. Times are seconds of performance.now(); `end` and `status` are null while the
// request runs, and `status` stays null if the client went away before it was answered.

export const now = () => performance.now() / 1000;

export function createRequestLog(limit = 10_000) {
  const entries = [];

  function begin({ server, path, delay }) {
    const entry = { server, path, start: now(), delay, end: null, status: null, aborted: false };
    entries.push(entry);
    if (entries.length > limit) entries.splice(0, entries.length - limit);
    return entry;
  }

  function clear() {
    entries.length = 0;
  }

  return { entries, begin, clear };
}
