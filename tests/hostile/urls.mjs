// URLs that are not as they should be.

import { whole } from '../support/hostile-server.mjs';

const asks = (...urls) => ({
  ask: urls,
  answer: ({ send }) => send(whole('ok')),
  seen: ({ requests }) => requests.map(({ target }) => target).join(' '),
});

export default {
  'space-in-path': asks('URLa b?c d'),
  'letters-in-path': asks('-u', 'URLbücher?größe=日本#ende'),
  'caret-in-path': asks('URLa^b?c^d'),
  'spaces-around': asks(' URLa  '),
  'line-break-in-url': asks('URLa\\x0d\\x0aX: 1'),
  'tab-in-url': asks('URLa\\x09b'),
  'byte-in-url': asks('URLa\\xfc'),
  'host-of-any-script': asks('http://bücher.invalid/'),
  'host-of-more-than-letters': asks('http://evil℀.invalid/'),
  'host-with-space': asks('http://ho st.invalid/'),
  'host-of-nothing': asks('http:///'),
  'port-too-large': asks('http://127.0.0.1:99999/'),
  'scheme-of-files': asks('file:///etc/passwd'),
};
