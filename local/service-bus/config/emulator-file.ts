/**
 * The file that Microsoft's emulator reads (`config.json`), as a description of the namespace.
 * What it may hold and this program does not serve is refused here, at the start, by its name.
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { systemProperties } from '../rules/message-view.ts';
import { readRule, type Filter, type RuleDescription } from '../rules/rule.ts';
import { parseDuration } from './duration.ts';

const duration = (otherwise: string) =>
  z
    .string()
    .default(otherwise)
    .transform((text, context) => {
      const milliseconds = parseDuration(text);
      if (milliseconds !== undefined && milliseconds > 0) return milliseconds;
      context.addIssue(`"${text}" is not an ISO 8601 duration of days or less, like "PT1M"`);
      return z.NEVER;
    });

/** The name of a queue or a topic; empty for none. */
const forwarding = z.string().nullish();

const subscriptionProperties = z.strictObject({
  DeadLetteringOnMessageExpiration: z.boolean().default(false),
  DefaultMessageTimeToLive: duration('PT1H'),
  LockDuration: duration('PT1M'),
  MaxDeliveryCount: z.int().positive().default(3),
  ForwardTo: forwarding,
  ForwardDeadLetteredMessagesTo: forwarding,
  RequiresSession: z.boolean().default(false),
});

const repeats = z.strictObject({
  RequiresDuplicateDetection: z.boolean().default(false),
  DuplicateDetectionHistoryTimeWindow: duration('PT20S'),
});

const topicProperties = z.strictObject({ DefaultMessageTimeToLive: duration('PT1H'), ...repeats.shape });

const propertyValue = z.union([z.string(), z.number(), z.boolean()]);
const given = z.string().nullish();
const correlationFilter = z.strictObject({
  ContentType: given,
  CorrelationId: given,
  Label: given,
  MessageId: given,
  ReplyTo: given,
  ReplyToSessionId: given,
  SessionId: given,
  To: given,
  Properties: z.record(z.string(), propertyValue).default({}),
});
const sql = z.object({ SqlExpression: z.string() });

const rule = z
  .object({
    Name: z.string().min(1),
    Properties: z
      .discriminatedUnion('FilterType', [
        z.strictObject({ FilterType: z.literal('Sql'), SqlFilter: sql, Action: sql.optional() }),
        z.strictObject({
          FilterType: z.literal('Correlation'),
          CorrelationFilter: correlationFilter,
          Action: sql.optional(),
        }),
      ])
      .optional(),
  })
  .transform(({ Name, Properties }, context): RuleDescription => {
    const description: RuleDescription = {
      name: Name,
      filter: filterOf(Properties),
      action: Properties?.Action?.SqlExpression,
    };
    try {
      readRule(description);
    } catch (error) {
      context.addIssue((error as Error).message);
    }
    return description;
  });

const name = z.string().regex(/^[\w.~/-]{1,260}$/, 'letters, digits, and . - _ ~ /');
const subscription = z.object({
  Name: name,
  Properties: subscriptionProperties.prefault({}),
  Rules: z.array(rule).default([]),
});
const queue = z.object({
  Name: name,
  Properties: z.strictObject({ ...subscriptionProperties.shape, ...repeats.shape }).prefault({}),
});
const topic = z.object({
  Name: name,
  Properties: topicProperties.prefault({}),
  Subscriptions: z.array(subscription).default([]),
});
const namespace = z.object({
  Name: z.string(),
  Queues: z.array(queue).default([]),
  Topics: z.array(topic).default([]),
});
const emulatorFile = z.object({ UserConfig: z.object({ Namespaces: z.tuple([namespace]) }) });

/** What a queue and a subscription have in common. */
export type QueueProperties = z.infer<typeof subscriptionProperties>;
export type RepeatProperties = z.infer<typeof repeats>;
/** The one namespace of the file; durations are milliseconds. */
export type NamespaceDescription = z.infer<typeof namespace>;

/** Reads the file. Throws an error that says what to mend and where. */
export function readEmulatorFile(path: string): NamespaceDescription {
  const text = readFileSync(path, 'utf8');
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
  const result = emulatorFile.safeParse(content);
  if (!result.success) throw new Error(`${path}:\n${z.prettifyError(result.error)}`);
  const description = result.data.UserConfig.Namespaces[0];
  refuseRepeatedNames(path, description);
  refuseWrongForwarding(path, description);
  return description;
}

/** https://learn.microsoft.com/azure/service-bus-messaging/service-bus-auto-forwarding */
function refuseWrongForwarding(path: string, { Queues, Topics }: NamespaceDescription): void {
  const targets = new Set([...Queues, ...Topics].map(({ Name }) => Name.toLowerCase()));
  const entities = [...Queues, ...Topics.flatMap(({ Subscriptions }) => Subscriptions)];
  for (const { Name, Properties } of entities) {
    const { ForwardTo, ForwardDeadLetteredMessagesTo, RequiresSession } = Properties;
    if (ForwardTo && RequiresSession) throw new Error(`${path}: "${Name}" has sessions and cannot forward.`);
    for (const target of [ForwardTo, ForwardDeadLetteredMessagesTo]) {
      if (!target) continue;
      if (!targets.has(target.toLowerCase())) {
        throw new Error(`${path}: "${Name}" forwards to "${target}", which is no queue or topic here.`);
      }
      if (target.toLowerCase() === Name.toLowerCase() && Queues.some((each) => each.Name === Name)) {
        throw new Error(`${path}: "${Name}" forwards to itself.`);
      }
    }
  }
}

function filterOf(properties: z.input<typeof rule>['Properties']): Filter {
  if (properties === undefined) return { kind: 'true' };
  if (properties.FilterType === 'Sql') return { kind: 'sql', expression: properties.SqlFilter.SqlExpression };
  const { Properties = {}, ...named } = properties.CorrelationFilter;
  const system = Object.entries(named).flatMap(([name, value]) =>
    // Microsoft's own file leaves what is not compared empty.
    value ? [[systemProperties[name.toLowerCase() as keyof typeof systemProperties], value] as const] : [],
  );
  return { kind: 'correlation', system: Object.fromEntries(system), properties: Properties };
}

function refuseRepeatedNames(path: string, { Queues, Topics }: NamespaceDescription): void {
  const names = [
    ...[...Queues, ...Topics].map((each) => each.Name),
    ...Topics.flatMap((each) => each.Subscriptions.map((one) => `${each.Name}/Subscriptions/${one.Name}`)),
  ].map((each) => each.toLowerCase());
  const repeated = names.find((each, index) => names.indexOf(each) !== index);
  if (repeated !== undefined) throw new Error(`${path}: "${repeated}" is there twice.`);
}
