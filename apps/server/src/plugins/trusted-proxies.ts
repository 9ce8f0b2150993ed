/** @file The address of a visitor behind proxies: only a trusted proxy may name the visitor. */
import { BlockList, isIP } from "node:net";
import type { IncomingHttpHeaders } from "node:http";

/** The parts of a request that identify its sender. */
export interface Visitor {
  headers: IncomingHttpHeaders;
  /** The other end of the connection, which may be a proxy. */
  address: string;
}

export class TrustedProxies {
  readonly #list = new BlockList();

  /** `ranges` are addresses and networks, such as `10.0.0.0/8`. Throws a RangeError for any other text. */
  constructor(ranges: readonly string[]) {
    for (const range of ranges) {
      const [network = "", bits, ...more] = range.split("/");
      const family = familyOf(network);
      if (family === undefined || more.length > 0) throw new RangeError(`"${range}" is not an address`);
      if (bits === undefined) this.#list.addAddress(network, family);
      else this.#list.addSubnet(network, prefixOf(bits, family), family);
    }
  }

  /** The last address in the chain of proxies that is not a trusted proxy. Addresses before it may be invented. */
  addressOf({ headers, address }: Visitor): string {
    const chain = [headers["x-forwarded-for"] ?? []].flat().join(",").split(",").map(plainAddress);
    let sender = plainAddress(address);
    while (this.#trusts(sender)) {
      const before = chain.pop();
      if (before === undefined || isIP(before) === 0) break;
      sender = before;
    }
    return sender;
  }

  #trusts(address: string): boolean {
    const family = familyOf(address);
    return family !== undefined && this.#list.check(address, family);
  }
}

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? "ipv4" : "ipv6";
}

function prefixOf(bits: string, family: "ipv4" | "ipv6"): number {
  const prefix = /^\d+$/u.test(bits) ? Number(bits) : Number.NaN;
  if (prefix >= 0 && prefix <= (family === "ipv4" ? 32 : 128)) return prefix;
  throw new RangeError(`"/${bits}" is not a number of bits`);
}

/** The address without the port and the brackets that some proxies add. An IPv4 address inside IPv6 becomes that IPv4 address. */
function plainAddress(text: string): string {
  const trimmed = text.trim().toLowerCase();
  const [, bracketed, v4] = /^(?:\[([^\]]*)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/u.exec(trimmed) ?? [];
  const address = bracketed ?? v4 ?? trimmed;
  const mapped = address.startsWith("::ffff:") ? address.slice("::ffff:".length) : "";
  return isIP(mapped) === 4 ? mapped : address;
}
