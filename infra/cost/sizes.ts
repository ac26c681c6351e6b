/** The sizes of a deployment that the template's parameter `size` offers, as far as they decide the price. */
import { prices, type Price } from './prices.ts';

export const sizeNames = ['free', 'standard', 'scale'] as const;
export type SizeName = (typeof sizeNames)[number];

export interface Size {
  /** `unit`: what one costs a day; undefined for Free. */
  webPubSub: { sku: 'Free_F1' | 'Standard_S1' | 'Premium_P1'; unit: Price | undefined };
  /** Memory of a function instance, in GB. */
  instanceGb: number;
  /** Instances always ready for HTTP, and for the router. */
  ready: { http: number; route: number };
  /** Undefined for the Free plan of Static Web Apps. */
  page: Price | undefined;
}

export const sizes: Record<SizeName, Size> = {
  free: {
    webPubSub: { sku: 'Free_F1', unit: undefined },
    instanceGb: 0.5,
    ready: { http: 0, route: 0 },
    page: undefined,
  },
  standard: {
    webPubSub: { sku: 'Standard_S1', unit: prices.webPubSubStandard },
    instanceGb: 0.5,
    ready: { http: 1, route: 1 },
    page: prices.staticWebApp,
  },
  scale: {
    webPubSub: { sku: 'Premium_P1', unit: prices.webPubSubPremium },
    instanceGb: 2,
    ready: { http: 3, route: 2 },
    page: prices.staticWebApp,
  },
};
