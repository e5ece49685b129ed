// The path of a request as a list of decoded names. A path that tries to climb is refused here,
// before anything looks at a file.

export class MalformedPath extends Error {}

// '/page/a%20b.css?x' gives ['page', 'a b.css']; '/' gives ['']; throws MalformedPath.
export function namesOfPath(url) {
  const path = decode(url.split(/[?#]/, 1)[0]);
  if (!path.startsWith('/')) throw new MalformedPath("A path begins with '/'.");
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f\\]/.test(path)) {
    throw new MalformedPath('A path has no backslashes and no control characters.');
  }
  const names = path.slice(1).split('/');
  if (names.some((name) => name === '.' || name === '..')) {
    throw new MalformedPath("A path has no '.' or '..' in it.");
  }
  return names;
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new MalformedPath("A '%' in a path stands before two hexadecimal digits of UTF-8.");
  }
}
