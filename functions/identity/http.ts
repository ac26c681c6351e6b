/** REST: what one can sign in with, signing in and out. */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import {
  oidcBody,
  refreshBody,
  registerBody,
  sessionBody,
  signInBody,
  signOutBody,
  type Providers,
  type Session,
} from '../../contract/identity.ts';
import { json, readBody, registerHttp } from '../platform/http.ts';
import { settings } from '../platform/settings.ts';
import { register, signIn } from './accounts.ts';
import { addressOf } from './address.ts';
import { signInAsGuest } from './guests.ts';
import { signInWithProvider } from './oidc.ts';
import { findPerson } from './principal.ts';
import { refreshSession } from './sessions.ts';
import { signOut } from './signing-out.ts';

const signedIn = (session: Session): HttpResponseInit => json(201, session, { 'cache-control': 'no-store' });

export function getProviders(): Promise<HttpResponseInit> {
  const { GUESTS, ACCOUNTS, OIDC_PROVIDERS } = settings();
  const providers: Providers = {
    guests: GUESTS === 'on',
    accounts: ACCOUNTS === 'on',
    oidc: OIDC_PROVIDERS,
  };
  return Promise.resolve(json(200, providers));
}

export async function postSession(request: HttpRequest): Promise<HttpResponseInit> {
  const caller = await findPerson(request);
  const { name } = await readBody(request, sessionBody);
  return signedIn(await signInAsGuest(name, caller));
}

export async function postRegister(request: HttpRequest): Promise<HttpResponseInit> {
  const body = await readBody(request, registerBody);
  return signedIn(await register(body, addressOf(request)));
}

export async function postSignIn(request: HttpRequest): Promise<HttpResponseInit> {
  const body = await readBody(request, signInBody);
  return signedIn(await signIn(body, addressOf(request)));
}

export async function postOidc(request: HttpRequest): Promise<HttpResponseInit> {
  const body = await readBody(request, oidcBody);
  return signedIn(await signInWithProvider(body, addressOf(request)));
}

export async function postRefresh(request: HttpRequest): Promise<HttpResponseInit> {
  const { refresh_token } = await readBody(request, refreshBody);
  return signedIn(await refreshSession(refresh_token));
}

export async function postSignOut(request: HttpRequest): Promise<HttpResponseInit> {
  const caller = await findPerson(request);
  await signOut(caller, await readBody(request, signOutBody, {}));
  return { status: 204 };
}

registerHttp('auth-providers', ['GET'], 'auth/providers', getProviders);
registerHttp('session', ['POST'], 'session', postSession);
registerHttp('auth-register', ['POST'], 'auth/register', postRegister);
registerHttp('auth-sign-in', ['POST'], 'auth/sign-in', postSignIn);
registerHttp('auth-oidc', ['POST'], 'auth/oidc', postOidc);
registerHttp('auth-refresh', ['POST'], 'auth/refresh', postRefresh);
registerHttp('auth-sign-out', ['POST'], 'auth/sign-out', postSignOut);
