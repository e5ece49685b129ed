/* The connections of requests under Node: agents of node:http and node:https, a part of
 * http_node.js. */
const spindleHttpAgentsLibrary = {
  $spindleHttpAgents: {
    // Returns { agent, http }: the session's agent for http or https, and that module.
    clientOf: function (session, protocol) {
      const present = session.clients[protocol];
      if (present) return present;
      const http = require(protocol === 'https:' ? 'https' : 'http');
      const agent = new http.Agent({
        keepAlive: true,
        scheduling: 'lifo',
        proxyEnv: http.globalAgent.options.proxyEnv, // of a process that was told to heed it
      });
      const connect = agent.createConnection;
      agent.createConnection = function () {
        const socket = connect.apply(agent, arguments);
        if (socket) spindleHttpAgents.keepReading(socket);
        return socket;
      };
      const reuse = agent.reuseSocket;
      agent.reuseSocket = function (socket, request) {
        request.spindleReadBefore = socket.bytesRead;
        reuse.call(agent, socket, request);
      };
      return (session.clients[protocol] = { agent: agent, http: http });
    },

    // A server that has responded may close the connection while the request is still being sent. A
    // failed write is ignored, since there is a response to be read, or the connection's end. (A stream
    // that has failed emits no end.)
    keepReading: function (socket) {
      const withoutLoss = function (done) {
        return function (error) {
          const isLost = error && error.syscall === 'write' && !socket.readableEnded;
          done(isLost ? null : error);
        };
      };
      const write = socket._write;
      socket._write = function (bytes, encoding, done) {
        return write.call(socket, bytes, encoding, withoutLoss(done));
      };
      const writeAll = socket._writev;
      if (!writeAll) return;
      socket._writev = function (pieces, done) {
        return writeAll.call(socket, pieces, withoutLoss(done));
      };
    },

    end: function (session) {
      Object.values(session.clients).forEach(function (client) {
        client.agent.destroy();
      });
      session.clients = {};
    },

    // If one idle connection was closed by the server, others may be, too.
    closeIdle: function (exchange) {
      const agent = exchange.session.clients[exchange.place.protocol].agent;
      Object.keys(agent.freeSockets).forEach(function (name) {
        if (name.indexOf(exchange.place.hostname.replace(/^\[|\]$/g, '') + ':') !== 0) return;
        agent.freeSockets[name].slice().forEach(function (socket) {
          socket.destroy();
        });
      });
    },
  },
};

mergeInto(LibraryManager.library, spindleHttpAgentsLibrary);
