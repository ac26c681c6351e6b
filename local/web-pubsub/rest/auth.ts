/**
 * Who may call REST: whoever signed the address of the request with an access key, and, where the configuration
 * says so, whoever brings a Microsoft Entra token for Web PubSub, whose signature nobody here can check.
 */
import type { IncomingMessage } from 'node:http';
import type { Config } from '../config.ts';
import { normalise, type Tokens } from '../tokens.ts';

export type Caller = 'key' | 'entra';

/** Throws the 401 `Refusal`. The audience may be written with the query or without. */
export function authenticate(tokens: Tokens, config: Config, message: IncomingMessage): Caller {
  const token = /^bearer (.+)$/i.exec(message.headers.authorization ?? '')?.[1];
  if (config.allowUnvalidatedEntraTokens && tokens.looksLikeEntra(token)) return 'entra';
  const target = message.url ?? '/';
  const path = target.split('?', 1)[0]!;
  const { host } = message.headers;
  const endpoints = [`http://${host}`, `https://${host}`, ...config.publicEndpoints];
  const audiences = endpoints.flatMap((endpoint) => {
    const root = endpoint.replace(/\/$/, '');
    return [normalise(root + target), normalise(root + path)];
  });
  tokens.verify(token, new Set(audiences));
  return 'key';
}
