/** A room server on Socket.IO: clients join with an event, `POST /publish` emits to the room. Keeps nothing. */
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer((request, response) => {
  // Socket.IO's own addresses are answered by its own listener.
  if (request.url !== '/publish') return;
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { room_id, content, sender } = JSON.parse(Buffer.concat(chunks).toString()) as Record<
      string,
      string
    >;
    const timestamp = new Date().toISOString();
    io.to(room_id!).emit('message', { room_id, room_name: 'Bench', content, sender, timestamp });
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end('{"status":"success","room":"Bench"}');
  });
});
// The load client answers no pings of Engine.IO, which are messages.
const io = new Server(http, { pingInterval: 3_600_000 });
io.on('connection', (socket) => {
  socket.on('join', (roomId: string) => {
    void socket.join(roomId);
    socket.emit('joined');
  });
});
http.listen(Number(process.argv[2]), '127.0.0.1');
process.once('SIGINT', () => process.exit(0));
