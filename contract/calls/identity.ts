/** Calls about who is calling, and the address to connect with. */
import { negotiation, session, sessionBody } from '../identity.ts';
import type { Calls } from './call.ts';

export const identityCalls: Calls = {
  '/session': {
    post: {
      id: 'signIn',
      tag: 'identity',
      summary: 'Sign in as a guest, under a name',
      description:
        'The name is the guest’s until the token ends. With the token of an earlier session the same guest renews it.',
      open: true,
      body: sessionBody,
      answer: [201, 'Signed in.', session],
      refuses: ['guests_off', 'name_taken'],
    },
  },
  '/negotiate': {
    post: {
      id: 'negotiate',
      tag: 'realtime',
      summary: 'Get an address to open a Web PubSub connection with',
      answer: [200, 'The address, valid for minutes.', negotiation],
      refuses: [],
    },
  },
};
