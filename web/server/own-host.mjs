// Whether a request names this server. A site may have its own name lead to an address of this machine
// (DNS rebinding), and its pages would then read what is served here as their own; it cannot have an
// address for a name.

import { isIP } from 'node:net';

// `header` is the request's Host, which HTTP/1.0 may leave out, and `host` what the server listens on.
export function isOwnHost(header, host) {
  if (header === undefined) return true;
  const name = header.replace(/:\d*$/, '').toLowerCase();
  const address = name.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) !== 0 || /^(.+\.)?localhost$/.test(name) || name === host.toLowerCase();
}
