/** The headers of a CloudEvent as Web PubSub writes it over HTTP (binary mode), with its signature. */
import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Metadata } from '../payload.ts';
import type { EventKind } from './event-handlers.ts';
import { DeliveryFailure } from './handler-client.ts';

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
  /** Of the message that caused a user event. */
  metadata: Metadata | undefined;
}

const metadataPrefix = 'x-webpubsub-metadata-';

export function toHeaders(facts: EventFacts): Record<string, string> {
  const { subject, kind, event, accessKeys } = facts;
  const headers: Record<string, string> = {
    'WebHook-Request-Origin': facts.origin,
    'ce-specversion': '1.0',
    'ce-awpsversion': '1.0',
    'ce-id': String(facts.id),
    'ce-time': new Date().toISOString().replace(/\.\d+/, ''),
    'ce-type': `azure.webpubsub.${kind}.${event}`,
    'ce-source': `/hubs/${subject.hub}/client/${subject.connectionId}`,
    'ce-connectionId': subject.connectionId,
    'ce-hub': subject.hub,
    'ce-eventName': event,
    'ce-signature': accessKeys.map((key) => sign(key, subject.connectionId)).join(','),
  };
  if (subject.userId) headers['ce-userId'] = subject.userId;
  if (subject.subprotocol) headers['ce-subprotocol'] = subject.subprotocol;
  if (facts.connectionState) headers['ce-connectionState'] = facts.connectionState;
  for (const [key, value] of Object.entries(facts.metadata ?? {})) headers[metadataPrefix + key] = value;
  refuseUnprintable(headers);
  return headers;
}

/** The metadata that a handler's answer gives to the message in it. */
export function readMetadata(headers: IncomingHttpHeaders): Metadata | undefined {
  const metadata: Metadata = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(metadataPrefix) || typeof value !== 'string') continue;
    // Of repeated values the last counts.
    metadata[name.slice(metadataPrefix.length)] = value.slice(value.lastIndexOf(',') + 1).trim();
  }
  return Object.keys(metadata).length > 0 ? metadata : undefined;
}

function refuseUnprintable(headers: Record<string, string>): void {
  const bad = Object.entries(headers).find(([, value]) => !/^[\t\x20-\x7e]*$/.test(value));
  // The real service cannot send such a header either: better known on the laptop.
  if (bad) throw new DeliveryFailure(`The header ${bad[0]} would hold more than printable ASCII.`);
}

const sign = (key: string, text: string): string =>
  `sha256=${createHmac('sha256', key).update(text).digest('hex')}`;
