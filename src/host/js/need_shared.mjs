// Before a module with threads: it shares its memory with them.
if (typeof SharedArrayBuffer === 'undefined') {
  throw new Error(
    'this program uses threads, which need SharedArrayBuffer: serve its page with the headers ' +
      'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, ' +
      'or use a browser that supports it',
  );
}
