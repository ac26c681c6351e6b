/** Waits between the attempts of a function that has a retry policy. */
import type { RetryOptions } from '../worker/protocol.ts';

const seconds = (duration: { seconds: number } | undefined, fallback: number): number =>
  (duration?.seconds ?? fallback) * 1000;

/** Milliseconds before the retry that follows `retryCount` earlier ones. */
export function retryDelay(policy: RetryOptions, retryCount: number): number {
  if (policy.retryStrategy === 'fixedDelay') return seconds(policy.delayInterval, 0);
  const least = seconds(policy.minimumInterval, 1);
  const most = seconds(policy.maximumInterval, 60);
  return Math.min(most, least * 2 ** retryCount);
}
