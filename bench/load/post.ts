/** POST over connections that are kept, at the least cost to the load client. */
import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 128 });

export interface Post {
  url: URL;
  headers?: Record<string, string>;
  body: string;
}

export interface Answer {
  status: number;
  text: string;
}

/** Answers whatever status comes. */
export function post(given: Post): Promise<Answer> {
  const { url, headers, body } = given;
  return new Promise((done, fail) => {
    const length = Buffer.byteLength(body);
    const sent = request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': length } });
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        done({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      );
      response.on('error', fail);
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // The server ended a kept connection at the moment it was used again: nothing was read of it.
      done(sent.reusedSocket && error.code === 'ECONNRESET' ? post(given) : Promise.reject(error));
    });
    sent.end(body);
  });
}

/** The same, where anything but success ends the bench. */
export async function postOrThrow(given: Post): Promise<string> {
  const { status, text } = await post(given);
  if (status < 200 || status > 299)
    throw new Error(`${given.url.pathname} answered ${status}: ${text.slice(0, 300)}`);
  return text;
}
