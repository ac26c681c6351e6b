/** What every trigger that is not HTTP has in common: the host starts it, fires it by hand, and stops it. */

export interface Trigger {
  /** In a few words, for a person who looks. */
  readonly state: string;
  start(): Promise<void>;
  /** Runs the function with the text that `POST /admin/functions/{name}` was given. A failure is only logged. */
  fire(input: string): Promise<void>;
  /** Takes in nothing more; returns when what was under way has ended. */
  stop(): Promise<void>;
}
