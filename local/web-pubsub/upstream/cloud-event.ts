/** The headers of a CloudEvent as Web PubSub writes it over HTTP (binary mode), with its signature. */
import { createHmac } from 'node:crypto';
import type { EventKind } from './event-handlers.ts';

/** Whom an event is about. */
export interface Subject {
  hub: string;
  connectionId: string;
  userId: string | undefined;
  /** '' for none. */
  subprotocol: string;
}

export interface EventFacts {
  subject: Subject;
  kind: EventKind;
  event: string;
  /** Per connection: 0 for `connect`, then counting. */
  id: number;
  connectionState: string;
  origin: string;
  accessKeys: string[];
}

export function toHeaders(facts: EventFacts): Headers {
  const { subject, kind, event, accessKeys } = facts;
  const headers = new Headers({
    'WebHook-Request-Origin': facts.origin,
    'ce-specversion': '1.0',
    'ce-awpsversion': '1.0',
    'ce-id': String(facts.id),
    'ce-time': new Date().toISOString().replace(/\.\d+/, ''),
    'ce-type': `azure.webpubsub.${kind}.${headerText(event)}`,
    'ce-source': `/hubs/${subject.hub}/client/${subject.connectionId}`,
    'ce-connectionId': subject.connectionId,
    'ce-hub': subject.hub,
    'ce-eventName': headerText(event),
    'ce-signature': accessKeys.map((key) => sign(key, subject.connectionId)).join(','),
  });
  if (subject.userId) headers.set('ce-userId', headerText(subject.userId));
  if (subject.subprotocol) headers.set('ce-subprotocol', subject.subprotocol);
  if (facts.connectionState) headers.set('ce-connectionState', facts.connectionState);
  return headers;
}

const sign = (key: string, text: string): string =>
  `sha256=${createHmac('sha256', key).update(text).digest('hex')}`;

/** Header values are bytes, and CloudEvents over HTTP percent-encode what is not printable ASCII. */
const headerText = (text: string): string =>
  /^[\x21-\x7e]*$/.test(text) && !text.includes('%') ? text : encodeURIComponent(text);
