/** The calls about who somebody is: signing in and out, profiles, API keys. */
import * as z from 'zod/mini';
import {
  apiKey,
  changeMeBody,
  createdKey,
  createKeyBody,
  deleteMeBody,
  me,
  negotiation,
  oidcBody,
  passwordBody,
  profile,
  providers,
  refreshBody,
  registerBody,
  session,
  sessionBody,
  signInBody,
  signOutBody,
} from '../identity.ts';
import type { Calls } from './call.ts';

const tag = 'identity';

export const identityCalls: Calls = {
  '/auth/providers': {
    get: {
      id: 'listProviders',
      tag,
      summary: 'Ask what one can sign in with',
      open: true,
      answer: [200, 'Ways to sign in.', providers],
      refuses: [],
    },
  },
  '/session': {
    post: {
      id: 'signInAsGuest',
      tag,
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
  '/auth/register': {
    post: {
      id: 'register',
      tag,
      summary: 'Make an account with e-mail and password, and sign in to it',
      open: true,
      body: registerBody,
      answer: [201, 'Signed in.', session],
      refuses: ['accounts_off', 'email_taken', 'name_taken', 'too_many_requests'],
    },
  },
  '/auth/sign-in': {
    post: {
      id: 'signIn',
      tag,
      summary: 'Sign in with e-mail and password',
      description: 'A wrong e-mail and a wrong password get the same answer.',
      open: true,
      body: signInBody,
      answer: [201, 'Signed in.', session],
      refuses: ['accounts_off', 'wrong_credentials', 'too_many_requests'],
    },
  },
  '/auth/oidc': {
    post: {
      id: 'signInWithProvider',
      tag,
      summary: 'Sign in with the ID token of an OpenID provider',
      description:
        'The page gets the token by the authorization code flow with PKCE. A token signs in once, within ten minutes.',
      open: true,
      body: oidcBody,
      answer: [201, 'Signed in.', session],
      refuses: ['token_refused', 'too_many_requests'],
    },
  },
  '/auth/refresh': {
    post: {
      id: 'refreshSession',
      tag,
      summary: 'Get a new access token, and the next refresh token',
      description: 'A refresh token is good for one use. A used one that comes again ends its session.',
      open: true,
      body: refreshBody,
      answer: [201, 'The session goes on.', session],
      refuses: ['token_refused'],
    },
  },
  '/auth/sign-out': {
    post: {
      id: 'signOut',
      tag,
      summary: 'End a session, or every session',
      description:
        'The session is that of the access token, or that of the refresh token. Its tokens end and its connections are closed.',
      open: true,
      body: signOutBody,
      answer: [204, 'Signed out.'],
      refuses: ['unauthenticated', 'token_refused'],
    },
  },
  '/me': {
    get: {
      id: 'readMe',
      tag,
      summary: 'Read one’s own profile',
      answer: [200, 'The profile.', me],
      refuses: [],
    },
    patch: {
      id: 'changeMe',
      tag,
      summary: 'Change one’s name, avatar or status',
      body: changeMeBody,
      answer: [200, 'The profile as it is now.', me],
      refuses: ['name_taken'],
    },
    delete: {
      id: 'deleteMe',
      tag,
      summary: 'Delete one’s account, for ever',
      description: 'Leaves every room. Messages stay, under the name that they were sent with.',
      body: deleteMeBody,
      answer: [204, 'Deleted.'],
      refuses: ['wrong_credentials', 'too_many_requests'],
    },
  },
  '/me/password': {
    put: {
      id: 'changePassword',
      tag,
      summary: 'Change one’s password',
      description:
        'Every other session ends. One’s own goes on with its refresh token; its access token ends at once.',
      body: passwordBody,
      answer: [204, 'Changed.'],
      refuses: ['not_allowed', 'wrong_credentials', 'too_many_requests'],
    },
  },
  '/keys': {
    get: {
      id: 'listKeys',
      tag,
      summary: 'List one’s API keys',
      answer: [200, 'The keys, the newest last.', z.array(apiKey)],
      refuses: ['not_allowed'],
    },
    post: {
      id: 'createKey',
      tag,
      summary: 'Make an API key for rooms that one moderates',
      description:
        'A service sends the key as `Authorization: Bearer` or as `Ocp-Apim-Subscription-Key`. The answer alone shows it.',
      body: createKeyBody,
      answer: [201, 'The key.', createdKey],
      refuses: ['not_allowed', 'not_moderator', 'not_member', 'room_not_found'],
    },
  },
  '/keys/{id}': {
    delete: {
      id: 'revokeKey',
      tag,
      summary: 'Revoke an API key of one’s own',
      answer: [204, 'Revoked.'],
      refuses: ['not_allowed', 'not_found'],
    },
  },
  '/users': {
    get: {
      id: 'findUsers',
      tag,
      summary: 'Find people by the beginning of their name',
      description: 'At most 20: people with an account, and guests who are signed in.',
      query: z.object({ query: z.optional(z.string()) }),
      answer: [200, 'Profiles, in the order of the names.', z.array(profile)],
      refuses: ['too_many_requests'],
    },
  },
  '/users/{user}': {
    get: {
      id: 'readUser',
      tag,
      summary: 'Read what somebody shows of themselves',
      answer: [200, 'The profile.', profile],
      refuses: ['user_not_found'],
    },
  },
};
