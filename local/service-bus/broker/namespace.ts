/**
 * All entities of a namespace, found by the paths that clients use. Must not know AMQP: what a path looks like on
 * the wire is read in amqp/address.ts.
 */
import type { NamespaceDescription, QueueProperties, RepeatProperties } from '../config/emulator-file.ts';
import type { Store } from '../store/entity-store.ts';
import type { Clock } from './clock.ts';
import { forward } from './forwarding.ts';
import { Inbox, type Route } from './inbox.ts';
import type { MessageView } from '../rules/message-view.ts';
import { defaultRule } from '../rules/rule.ts';
import { RuleSet, type Copy } from '../rules/rule-set.ts';
import type { Changes } from '../rules/sql-action.ts';
import type { Arrival } from './message.ts';
import { Queue } from './queue.ts';
import type { QueueSettings, Stamp } from './queue-terms.ts';

export interface NamespaceParts {
  description: NamespaceDescription;
  store: Store;
  clock: Clock;
  contents: Contents;
}

/** What is done to the contents of messages, which are opaque here. */
export interface Contents {
  stamp: Stamp;
  /** What rules see of a message. */
  view: (content: Uint8Array) => MessageView;
  /** A message as the action of the rule of this name has changed it. */
  change: (arrival: Arrival, rule: string, changes: Changes) => Arrival;
}

/** How many messages an entity holds. */
export interface Counts {
  name: string;
  /** Due and not settled, with those that are locked. */
  active: number;
  locked: number;
  scheduled: number;
  deferred: number;
  deadLettered: number;
  /** Where the entity requires them: those with messages that nobody holds, and those that somebody holds. */
  sessions?: { available: number; locked: number };
}

/** The last part of the path of an entity's dead-letter queue. */
export const deadLetterSuffix = '/$DeadLetterQueue';
/** That of the queue for what could not be forwarded, in small letters. */
const transferSuffix = '/$transfer/$deadletterqueue';

export class Namespace {
  readonly #parts: NamespaceParts;
  // Under their paths in small letters.
  readonly #inboxes = new Map<string, Inbox>();
  readonly #queues = new Map<string, Queue>();
  readonly #rules = new Map<string, RuleSet>();
  readonly #forwarding = new Set<string>();

  constructor(parts: NamespaceParts) {
    this.#parts = parts;
    for (const { Name, Properties } of parts.description.Queues) {
      const queue = this.#addQueue(Name, Properties);
      this.#addInbox(Name, Properties, (arrival, original) => queue.put(arrival, original));
    }
    for (const topic of parts.description.Topics) {
      const { Name, Properties, Subscriptions } = topic;
      const store = parts.store.entity(Name);
      const subscriptions = Subscriptions.map((each) => {
        const path = subscriptionPath(Name, each.Name);
        const declared = each.Rules.length === 0 ? [defaultRule] : each.Rules;
        const rules = new RuleSet(parts.store.entity(path), declared);
        this.#rules.set(path.toLowerCase(), rules);
        const settings = {
          ...each.Properties,
          DefaultMessageTimeToLive: Math.min(
            each.Properties.DefaultMessageTimeToLive,
            Properties.DefaultMessageTimeToLive,
          ),
        };
        return { queue: this.#addQueue(path, settings), rules };
      });
      this.#addInbox(Name, Properties, (arrival, original = store.nextSequence()) => {
        let view: MessageView | undefined;
        for (const { queue, rules } of subscriptions) {
          if (rules.passesEverything) queue.put(arrival, original);
          else {
            view ??= parts.contents.view(arrival.content);
            for (const copy of this.#copies(arrival, rules.copies(view))) queue.put(copy, original);
          }
        }
        return original;
      });
    }
    this.#startForwarding();
  }

  /** The queue, subscription or dead-letter queue that is read under this path. */
  queue(path: string): Queue | undefined {
    const key = path.toLowerCase();
    const queue = this.#queues.get(key);
    if (queue || !key.endsWith(transferSuffix)) return queue;
    const base = key.slice(0, -transferSuffix.length);
    const isEntity = this.#queues.has(base) && !base.endsWith(deadLetterSuffix.toLowerCase());
    return isEntity ? this.#transferDeadLetters(path) : undefined;
  }

  /** Whether all that comes here goes on to another entity, so that nobody may receive it. */
  forwards(path: string): boolean {
    return this.#forwarding.has(path.toLowerCase());
  }

  /** The way into the queue or topic of this path. */
  inbox(path: string): Inbox | undefined {
    return this.#inboxes.get(path.toLowerCase());
  }

  /** The rules of the subscription of this path. */
  rules(path: string): RuleSet | undefined {
    return this.#rules.get(path.toLowerCase());
  }

  /** What all entities hold, in the order of the configuration. */
  counts(): { queues: Counts[]; topics: { name: string; subscriptions: Counts[] }[] } {
    const { Queues, Topics } = this.#parts.description;
    return {
      queues: Queues.map(({ Name }) => this.#count(Name, Name)),
      topics: Topics.map(({ Name, Subscriptions }) => ({
        name: Name,
        subscriptions: Subscriptions.map((each) => this.#count(each.Name, subscriptionPath(Name, each.Name))),
      })),
    };
  }

  /** When all entities are there: a message may go on at once. */
  #startForwarding(): void {
    const { Queues, Topics } = this.#parts.description;
    const entities = [
      ...Queues.map(({ Name, Properties }) => ({ path: Name, Properties })),
      ...Topics.flatMap(({ Name, Subscriptions }) =>
        Subscriptions.map((each) => ({
          path: subscriptionPath(Name, each.Name),
          Properties: each.Properties,
        })),
      ),
    ];
    for (const { path, Properties } of entities) {
      const { ForwardTo, ForwardDeadLetteredMessagesTo } = Properties;
      if (ForwardTo) this.#forwarding.add(path.toLowerCase());
      if (ForwardTo) this.#forward(path, this.queue(path)!, ForwardTo);
      if (ForwardDeadLetteredMessagesTo) {
        this.#forward(path, this.queue(path + deadLetterSuffix)!, ForwardDeadLetteredMessagesTo);
      }
    }
  }

  #forward(path: string, from: Queue, target: string): void {
    const to = this.inbox(target);
    if (to === undefined) throw new Error(`"${path}" forwards to "${target}", which is no queue or topic.`);
    forward({
      from,
      to,
      deadLettersOf: from === this.queue(path) ? undefined : path,
      failed: this.queue(path + transferSuffix)!,
      stamp: this.#parts.contents.stamp,
    });
  }

  /** Made when it is first asked for: only entities that forward have anything in it. */
  #transferDeadLetters(path: string): Queue {
    const { store, clock } = this.#parts;
    const settings = { ...deadLetterSettings, lockDuration: 60_000, maxDeliveryCount: Infinity };
    const queue = new Queue({ settings, store: store.entity(path), clock });
    this.#queues.set(path.toLowerCase(), queue);
    return queue;
  }

  #count(name: string, path: string): Counts {
    const { waiting, locked, sessions } = this.queue(path)!.size;
    const store = this.#parts.store.entity(path);
    const dead = this.queue(path + deadLetterSuffix)!.size;
    return {
      name,
      active: waiting + locked,
      locked,
      scheduled: store.count('scheduled'),
      deferred: store.count('deferred'),
      deadLettered: dead.waiting + dead.locked,
      ...(sessions && { sessions }),
    };
  }

  #copies(arrival: Arrival, copies: Copy[]): Arrival[] {
    return copies.map((copy) =>
      copy === 'unchanged' ? arrival : this.#parts.contents.change(arrival, copy.rule, copy.changes),
    );
  }

  #addQueue(path: string, properties: QueueProperties): Queue {
    const { store, clock, contents } = this.#parts;
    const settings = queueSettings(properties);
    const buriedAt = path + deadLetterSuffix;
    const dead = new Queue({
      settings: { ...settings, ...deadLetterSettings },
      store: store.entity(buriedAt),
      clock,
    });
    const queue = new Queue({
      settings,
      store: store.entity(path),
      clock,
      deadLetters: { queue: dead, stamp: contents.stamp },
    });
    this.#queues.set(path.toLowerCase(), queue);
    this.#queues.set(buriedAt.toLowerCase(), dead);
    return queue;
  }

  #addInbox(path: string, properties: RepeatProperties & { RequiresSession?: boolean }, route: Route): void {
    const { store, clock } = this.#parts;
    const duplicateWindow = properties.RequiresDuplicateDetection
      ? properties.DuplicateDetectionHistoryTimeWindow
      : undefined;
    this.#inboxes.set(
      path.toLowerCase(),
      new Inbox({
        store: store.entity(path),
        clock,
        route,
        duplicateWindow,
        requiresSession: properties.RequiresSession,
      }),
    );
  }
}

function subscriptionPath(topic: string, subscription: string): string {
  return `${topic}/Subscriptions/${subscription}`;
}

const deadLetterSettings = { timeToLive: Infinity, deadLetterOnExpiration: false, requiresSession: false };

function queueSettings(properties: QueueProperties): QueueSettings {
  return {
    lockDuration: properties.LockDuration,
    maxDeliveryCount: properties.MaxDeliveryCount,
    timeToLive: properties.DefaultMessageTimeToLive,
    deadLetterOnExpiration: properties.DeadLetteringOnMessageExpiration,
    requiresSession: properties.RequiresSession,
  };
}
