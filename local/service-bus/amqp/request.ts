/** Requests to `$cbs` and `$management`, and the links on which their answers go back. */
import type { Sender, Typed } from 'rhea';
import { amqp, textOf } from './codec.ts';
import type { WireError } from './errors.ts';
import { listItems, mapEntries, readSections, sectionCodes } from './encoded-message.ts';

export interface Request {
  operation: string;
  /** All application properties, the operation among them. */
  properties: Map<string, Typed>;
  /** The message id, with its exact type: the answer's correlation id. */
  id: Typed | undefined;
  replyTo: string;
  /** The value that is the request's body, with its exact types. */
  body: Typed | undefined;
}

/** Reads a request. Throws `MalformedMessage`. */
export function readRequest(bytes: Buffer): Request {
  const sections = readSections(bytes);
  const properties = listItems(sections, sectionCodes.properties);
  const named = mapEntries(sections, sectionCodes.applicationProperties);
  return {
    operation: textOf(named.get('operation')) ?? '',
    properties: named,
    id: properties[0],
    replyTo: textOf(properties[4]) ?? '',
    body: sections.find((section) => section.code === sectionCodes.value)?.value,
  };
}

/** The operation without what the names of Service Bus's own begin with. */
export const operationName = ({ operation }: Request): string => operation.replace('com.microsoft:', '');

export interface Answer {
  status: number;
  description: string;
  errorCondition?: string;
  body?: unknown;
}

export function refusalAnswer(error: WireError): Answer {
  return { status: error.status, description: error.description, errorCondition: error.condition };
}

/** The links of one connection that take answers. */
export class ReplyLinks {
  readonly #links = new Map<string, Sender>();

  /** A client names the link to answer on by its target address or, where it has none, by its name. */
  add(link: Sender): void {
    this.#links.set(link.name, link);
    const address = link.target?.address;
    if (address) this.#links.set(address, link);
  }

  remove(link: Sender): void {
    for (const [name, each] of this.#links) if (each === link) this.#links.delete(name);
  }

  /** Sends an answer; nobody hears it where the link is gone. `spelling` is of the names of the status. */
  answer(request: Request, answer: Answer, spelling: 'camel' | 'hyphen'): void {
    const link = this.#links.get(request.replyTo);
    if (link === undefined || !link.is_open()) return;
    const name = (camel: string, hyphen: string) => (spelling === 'camel' ? camel : hyphen);
    link.send({
      correlation_id: request.id as unknown as string,
      application_properties: {
        [name('statusCode', 'status-code')]: amqp.wrap_int(answer.status),
        [name('statusDescription', 'status-description')]: answer.description,
        ...(answer.errorCondition !== undefined && {
          [name('errorCondition', 'error-condition')]: amqp.wrap_symbol(answer.errorCondition),
        }),
      },
      body: answer.body,
    });
  }
}
