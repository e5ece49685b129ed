// Whole answers in one call, and the headers that every answer carries.

const headersOfAll = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  // The page's own scripts and modules run, and nothing else; programs may ask any server.
  'Content-Security-Policy': [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "worker-src 'self' blob:",
    'connect-src * blob:',
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cache-Control': 'no-store',
};

export function setCommonHeaders(response) {
  for (const [name, value] of Object.entries(headersOfAll)) response.setHeader(name, value);
}

export function sendBytes(response, status, type, bytes) {
  response.statusCode = status;
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', bytes.length);
  response.end(bytes);
}

export function sendText(response, status, text) {
  sendBytes(response, status, 'text/plain; charset=utf-8', Buffer.from(`${text}\n`));
}

export function sendJson(response, value) {
  sendBytes(response, 200, 'application/json', Buffer.from(`${JSON.stringify(value)}\n`));
}

// True if the method is one of `allowed`; otherwise answers 405.
export function allowMethods(request, response, allowed) {
  if (allowed.includes(request.method)) return true;
  response.setHeader('Allow', allowed.join(', '));
  sendText(response, 405, `${request.method} is not done here; use ${allowed.join(' or ')}.`);
  return false;
}

// What to write to a socket whose request the HTTP parser refused.
export function rawBadRequest() {
  const body = 'This is not a request that HTTP/1.1 knows.\n';
  const headers = {
    ...headersOfAll,
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': body.length,
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return ['HTTP/1.1 400 Bad Request', ...lines, '', body].join('\r\n');
}
