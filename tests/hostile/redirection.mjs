// Redirects: where they lead, by which method, and what goes there.

import { whole } from '../support/hostile-server.mjs';

const moved = (status, location, ...more) => whole('', [`Location: ${location}`, ...more], status);

// The first request is redirected, to `to` with the ports filled in; whatever is asked then is answered.
const hop = (status, to, ask = ['URL'], more = {}) => ({
  ask,
  answer: ({ number, ports, send }) => {
    const place = to.replace('OTHERPORT', ports.OTHER).replace('PORT', ports.URL);
    return send(number === 1 ? moved(status, place) : whole('there'));
  },
  ...more,
});

const methods = ({ requests }) => requests.map(({ method }) => method).join(' ');
const targets = ({ requests }) => requests.map(({ target }) => target).join(' ');
const last = ({ requests }) => requests[requests.length - 1];

// Of the last request: its method, its body, and what is said of that.
const sent = (state) => {
  const { method, body, headers } = last(state);
  const about = headers
    .map(([name]) => name.toLowerCase())
    .filter((name) => /^content-t/.test(name));
  return [method, body || 'no body', ...about].join(', ');
};
const text = (...more) => ['-H', 'Content-Type: text/x-own', '-d', 'text', ...more, 'URL'];

// Which of these came to the last server.
const secrets = (state) => {
  if (state.requests.length === 0) return 'nothing';
  const names = last(state).headers.map(([name, value]) =>
    name.toLowerCase() === 'host' && value !== 'own.example' ? '' : name.toLowerCase(),
  );
  const asked = ['authorization', 'proxy-authorization', 'cookie', 'host', 'x-kept'];
  return asked.filter((name) => names.includes(name)).join(' ');
};
const telling = [
  ...['-H', 'Authorization: Basic c2VjcmV0', '-H', 'Proxy-Authorization: Basic c2VjcmV0'],
  ...['-H', 'Cookie: secret=1', '-H', 'Host: own.example', '-H', 'X-Kept: 1', 'URL'],
];

export default {
  'hop-secrets-same-origin': hop('302 Found', '/there', telling, { seen: secrets }),

  'hop-post-301': hop('301 Moved Permanently', '/there', text(), { seen: sent }),
  'hop-post-302': hop('302 Found', '/there', text(), { seen: sent }),
  'hop-post-303': hop('303 See Other', '/there', text(), { seen: sent }),
  'hop-post-307': hop('307 Temporary Redirect', '/there', text(), { seen: sent }),
  'hop-post-308': hop('308 Permanent Redirect', '/there', text(), { seen: sent }),
  'hop-put-301': hop('301 Moved Permanently', '/there', text('-X', 'PUT'), { seen: sent }),
  'hop-put-303': hop('303 See Other', '/there', text('-X', 'PUT'), { seen: sent }),
  'hop-head-303': hop('303 See Other', '/there', ['-X', 'HEAD', 'URL'], { seen: sent }),

  'hop-to-ftp': hop('302 Found', 'ftp://127.0.0.1/'),
  'hop-to-port-99999': hop('302 Found', 'http://127.0.0.1:99999/'),
  'hop-to-no-url': hop('302 Found', 'http://['),
  'hop-without-location': { answer: ({ send }) => send(whole('here', [], '302 Found')) },
  'hop-empty-location': { answer: ({ send }) => send(whole('here', ['Location:'], '302 Found')) },
  'hop-two-locations': {
    answer: ({ number, send }) =>
      send(number === 1 ? moved('302 Found', '/first', 'Location: /second') : whole('there')),
    seen: targets,
  },
  'hop-304': {
    answer: ({ number, send }) =>
      send(number === 1 ? moved('304 Not Modified', '/there') : whole('there')),
    seen: methods,
  },
  'hop-relative': hop('302 Found', '../b?c', ['-u', 'URLx/y/z'], { seen: targets }),
  'hop-bytes': hop('302 Found', '/caf\xc3\xa9?\xe9', ['URL'], { seen: targets }),
  'hop-for-ever': {
    answer: ({ number, send }) => send(moved('302 Found', `/${number}`)),
    seen: ({ requests }) => `${requests.length} requests`,
  },
  'hop-refused': hop('302 Found', '/there', ['-r', 'error', 'URL'], { seen: methods }),
  'hop-shown': hop('302 Found', '/there', ['-r', 'manual', '-i', 'location', 'URL'], {
    seen: methods,
  }),
};
