/** The least that a room server can be: a loop over the sockets of `ws`, a frame for each message. */
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const http = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const text = Buffer.concat(chunks);
    for (const client of sockets.clients) client.send(text, { binary: false });
    response.writeHead(200).end();
  });
});
const sockets = new WebSocketServer({ server: http });
http.listen(Number(process.argv[2]), '127.0.0.1');
process.once('SIGINT', () => process.exit(0));
