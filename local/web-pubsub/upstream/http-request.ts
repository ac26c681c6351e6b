/**
 * One HTTP request over connections that are kept: Node's own client, because events come by the thousand and
 * `fetch` costs several times as much for each. Follows no redirect. Knows nothing of events.
 */
import * as http from 'node:http';
import * as https from 'node:https';

export interface HttpRequest {
  url: string;
  method: 'POST' | 'OPTIONS' | 'GET';
  headers: Record<string, string>;
  body?: Buffer | string;
  signal: AbortSignal;
}

export interface HttpResponse {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/** The answer is larger than anybody could want. */
export class AnswerTooLarge extends Error {}

const largestAnswer = 16 * 1024 * 1024;
const agents = {
  http: new http.Agent({ keepAlive: true }),
  https: new https.Agent({ keepAlive: true }),
};

/** Rejects with `AnswerTooLarge`, the system's error (with its `code`), or the signal's reason. */
export async function send(given: HttpRequest): Promise<HttpResponse> {
  const { url, method, headers, body, signal } = given;
  const isSecure = url.startsWith('https:');
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const options = {
    method,
    headers: { ...headers, ...length },
    agent: isSecure ? agents.https : agents.http,
    signal,
  };
  const response = await new Promise<http.IncomingMessage>((done, fail) => {
    const request = (isSecure ? https : http).request(url, options, done);
    request.on('error', fail);
    request.end(body);
  });
  return read(response);
}

async function read(response: http.IncomingMessage): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestAnswer) throw new AnswerTooLarge('The answer is larger than 16 MiB.');
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
}
