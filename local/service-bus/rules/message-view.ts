/** What rules know of a message, and what their actions change. */

/** A value of a property or of an expression; `null` is unknown, in the sense of SQL. */
export type Value = null | boolean | number | string | Date;

/** The system properties that filters can use, by their names in small letters. */
export const systemProperties = {
  contenttype: 'contentType',
  correlationid: 'correlationId',
  label: 'label',
  messageid: 'messageId',
  replyto: 'replyTo',
  replytosessionid: 'replyToSessionId',
  sessionid: 'sessionId',
  to: 'to',
} as const;

export type SystemProperty = (typeof systemProperties)[keyof typeof systemProperties];

export interface MessageView {
  system: Partial<Record<SystemProperty, Value>>;
  /** The application properties. */
  user: Map<string, Value>;
}

/** A property as an expression names it. */
export interface PropertyName {
  scope: 'system' | 'user';
  name: string;
}

/** The value of a property; names of application properties compare without regard to capitals. */
export function valueOf(view: MessageView, { scope, name }: PropertyName): Value {
  if (scope === 'system') return view.system[name as SystemProperty] ?? null;
  return view.user.get(userName(view, name)) ?? null;
}

/** An application property's name as the message has it; the same as asked for where it has none. */
export function userName({ user }: MessageView, name: string): string {
  if (user.has(name)) return name;
  const lower = name.toLowerCase();
  for (const each of user.keys()) if (each.toLowerCase() === lower) return each;
  return name;
}
