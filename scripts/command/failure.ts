/** What an operator reads when a command fails: a sentence that says what to do, not a stack. */

/** Runs a command to its end. Whatever it throws becomes a sentence and exit code 1. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    console.error(toSentence(error));
    process.exitCode = 1;
  }
}

/** By the codes of Node, of the Azure SDKs and of the services. */
const advice: Record<string, string> = {
  ECONNREFUSED: 'Nothing answers there. Locally: is the stack running (npm start)?',
  ENOTFOUND: 'There is no such address. Is the name right?',
  ServiceCommunicationProblem: 'Nothing answers there. Locally: is the stack running (npm start)?',
  MessagingEntityNotFound: 'Is this the Service Bus namespace of Hubbub, and is it deployed?',
  UnauthorizedAccess: 'You need the role Azure Service Bus Data Owner on the namespace.',
  InvalidSignature: 'The key of the connection string is not right.',
  AuthenticationFailed: 'The key or token is not accepted. Sign in again (az login).',
  AuthorizationPermissionMismatch: 'You need the role Storage Table Data Contributor on the account.',
  AuthorizationFailure: 'The network rules of the account keep you out.',
  KeyBasedAuthenticationNotPermitted:
    'The account takes no keys. Use its address with your own identity instead.',
  CredentialUnavailableError: 'Sign in first: az login.',
  AggregateAuthenticationError: 'Sign in first: az login.',
};

function toSentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, name, message } = error as Error & { code?: string };
  const advised = advice[code ?? ''] ?? advice[name] ?? advice[message.split(':')[0]!];
  const what = message.split('\n')[0] || code || name;
  return advised === undefined ? what : `${what}\n${advised}`;
}
