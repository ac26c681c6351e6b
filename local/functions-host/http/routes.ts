/** Which HTTP-triggered function answers a request. It knows functions and routes, not requests. */
import type { FunctionDefinition } from '../functions.ts';
import { comparePrecedence, matchTemplate, parseTemplate, type RouteTemplate } from './route-template.ts';

export type AuthLevel = 'anonymous' | 'function' | 'admin';

export interface HttpRoute {
  definition: FunctionDefinition;
  template: RouteTemplate;
  /** Upper case. */
  methods: string[];
  authLevel: AuthLevel;
  /** With the prefix, without a leading slash. */
  path: string;
}

export interface RouteMatch {
  route: HttpRoute;
  params: Record<string, string>;
}

const defaultMethods = ['GET', 'POST'];

/** The route of an HTTP-triggered function. Throws where its template cannot be read. */
export function httpRoute(definition: FunctionDefinition, routePrefix: string): HttpRoute {
  const { trigger, name } = definition;
  const route = typeof trigger['route'] === 'string' && trigger['route'] !== '' ? trigger['route'] : name;
  const path = [routePrefix, route]
    .map((part) => part.replaceAll(/^\/+|\/+$/g, ''))
    .filter(Boolean)
    .join('/');
  const methods = Array.isArray(trigger['methods']) ? trigger['methods'].map(String) : defaultMethods;
  const level = typeof trigger['authLevel'] === 'string' ? trigger['authLevel'].toLowerCase() : 'function';
  return {
    definition,
    template: parseTemplate(path),
    methods: methods.map((method) => method.toUpperCase()),
    authLevel: level === 'anonymous' || level === 'admin' ? level : 'function',
    path,
  };
}

export class RouteTable {
  #routes: HttpRoute[];

  constructor(routes: HttpRoute[]) {
    this.#routes = routes.toSorted((left, right) => comparePrecedence(left.template, right.template));
  }

  /**
   * The first route, by precedence, that takes this path and method. A function of another method is passed over
   * like one of another path: the real host answers 404 then, not 405.
   */
  find(method: string, path: string): RouteMatch | undefined {
    for (const route of this.#routes) {
      if (!route.methods.includes(method)) continue;
      const params = matchTemplate(route.template, path);
      if (params) return { route, params };
    }
    return undefined;
  }
}
