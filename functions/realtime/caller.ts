/** Whether a call to the webhook comes from our Web PubSub: the code in its address, and its signature. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { ProblemError } from '../platform/problem.ts';
import { connection, settings } from '../platform/settings.ts';

/** Throws `webhook_refused`. The code is the guard; the signature is checked where an access key is configured. */
export function requireWebPubSub(code: string | null, signature: string | null, connectionId: string): void {
  if (!isSame(code ?? '', settings().WEBHOOK_CODE)) throw refused('The code in the address is not ours.');
  const key = accessKey();
  if (key === undefined) return;
  // sha256=<hex HMAC of the connection id>, one for each of the service's two keys.
  const expected = `sha256=${createHmac('sha256', key).update(connectionId).digest('hex')}`;
  const given = (signature ?? '').split(',').map((each) => each.trim().toLowerCase());
  if (!given.some((each) => isSame(each, expected))) throw refused('The signature is not of our access key.');
}

const refused = (detail: string): ProblemError => new ProblemError('webhook_refused', detail);

function accessKey(): string | undefined {
  const service = connection('webPubSub');
  return 'address' in service ? undefined : /AccessKey=([^;]+)/i.exec(service.connectionString)?.[1];
}

/** Compares in a time that says nothing of where two texts differ, nor of their lengths. */
function isSame(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
