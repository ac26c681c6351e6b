/** The sizes of a deployment that the template's parameter `size` offers, as far as they decide the price. */
import { prices, type Price } from './prices.ts';

export const sizeNames = ['free', 'standard', 'scale'] as const;
export type SizeName = (typeof sizeNames)[number];

export interface Size {
  /** Undefined for Web PubSub's Free tier. */
  webPubSubUnit: Price | undefined;
  /** Memory of a function instance, in GB. */
  instanceGb: number;
  /** Instances always ready for HTTP, and for the router. */
  ready: { http: number; route: number };
  /** Undefined for the Free plan of Static Web Apps. */
  page: Price | undefined;
}

export const sizes: Record<SizeName, Size> = {
  free: { webPubSubUnit: undefined, instanceGb: 0.5, ready: { http: 0, route: 0 }, page: undefined },
  standard: {
    webPubSubUnit: prices.webPubSubStandard,
    instanceGb: 0.5,
    ready: { http: 1, route: 1 },
    page: prices.staticWebApp,
  },
  scale: {
    webPubSubUnit: prices.webPubSubPremium,
    instanceGb: 2,
    ready: { http: 3, route: 2 },
    page: prices.staticWebApp,
  },
};
