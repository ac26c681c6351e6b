/**
 * Web PubSub's input bindings: an address with a token for a client (`webPubSubConnection`), and a request to one's own
 * HTTP function read as an event (`webPubSubContext`).
 */
import type { Inputs } from '../invocations.ts';
import type { Binding } from '../worker/protocol.ts';
import type { HttpData, NamedData } from '../worker/typed-data.ts';
import { textAnswer, type WebhookAnswer } from './answer.ts';
import type { Upstream, WebPubSubConnections } from './connections.ts';
import { isKnownOrigin, isSigned, NoEvent, readContext, readEvent, type Headers } from './event.ts';

export function webPubSubInputs(connections: WebPubSubConnections): Inputs {
  return async (bindings, { input }) => {
    const given: NamedData[] = [];
    for (const [name, binding] of Object.entries(bindings)) {
      if (binding.direction !== 'in') continue;
      const type = binding.type.toLowerCase();
      if (type === 'webpubsubconnection') {
        // oxlint-disable-next-line no-await-in-loop
        given.push({ name, data: { json: JSON.stringify(await clientAddress(connections, binding)) } });
      } else if (type === 'webpubsubcontext') {
        const event = eventOf(input.http, upstreamsOf(connections, binding));
        given.push({ name, data: { json: JSON.stringify(event) } });
      }
    }
    return given;
  };
}

async function clientAddress(connections: WebPubSubConnections, binding: Binding): Promise<object> {
  const client = await connections.client(binding['connection'], connections.hub(binding['hub']));
  const { userId } = binding;
  const options = typeof userId === 'string' && userId !== '' ? { userId } : {};
  const { baseUrl, url, token } = await client.getClientAccessToken(options);
  return { baseUrl, url, accessToken: token };
}

function upstreamsOf(connections: WebPubSubConnections, { connections: names }: Binding): Upstream[] {
  return connections.upstreams(Array.isArray(names) ? names.map(String) : undefined);
}

/** The request as the function sees it, with the answer that it should give to a preflight or a bad one. */
function eventOf(http: HttpData | undefined, upstreams: Upstream[]): object {
  if (!http?.nullableHeaders) throw new Error('webPubSubContext cannot be had with HTTP streaming.');
  const headers: Headers = new Map(
    Object.entries(http.nullableHeaders).map(([name, { value = '' }]) => [name, value]),
  );
  const origin = headers.get('webhook-request-origin');
  if (http.method === 'OPTIONS' || (http.method === 'GET' && origin !== undefined)) {
    const consent = origin !== undefined && isKnownOrigin(origin, upstreams);
    const response: WebhookAnswer = consent
      ? { status: 200, headers: { 'WebHook-Allowed-Origin': '*' }, body: '' }
      : textAnswer(400, 'The origin is not that of a known service.');
    return {
      request: null,
      response,
      errorMessage: consent ? null : response.body,
      hasError: !consent,
      isPreflight: true,
    };
  }
  const failed = (status: number, text: string): object => ({
    request: null,
    response: textAnswer(status, text),
    errorMessage: text,
    hasError: true,
    isPreflight: false,
  });
  try {
    const context = readContext(headers);
    if (!isSigned(context, upstreams)) return failed(401, 'The signature is not valid.');
    const request = readEvent(context, headers, Buffer.from(http.body?.bytes ?? []));
    const response: WebhookAnswer = { status: 200, headers: {}, body: '' };
    return { request, response, errorMessage: null, hasError: false, isPreflight: false };
  } catch (error) {
    if (error instanceof NoEvent) return failed(400, error.message);
    throw error;
  }
}
