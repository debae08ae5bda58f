import { findRegion, findZone, type Region } from '../instances/regions';
import { defaultSubnet, defaultVpc } from '../instances/regions';
import { defaultGroup } from '../network/defaults';
import { unsupported, invalid, missing } from './common';
import type { ApiDeps } from './action';
import { ApiError } from './errors';

/** Where an instance goes: zones of its nodes, network, security groups. */

export interface NodeRequest {
  readonly Role: string;
  readonly Zone: string;
  readonly DedicatedClusterId?: string | undefined;
}

/** Whatever a request is about: a region that it names must be one. Fails with `UnsupportedRegion`. */
export function mustRegion(region: string): void {
  if (region !== '' && !findRegion(region))
    throw new ApiError('UnsupportedRegion', `The region ${region} is not known`);
}

const illegalZone = (message: string): ApiError => new ApiError('InvalidParameterValue.IllegalZone', message);

/** The region of a zone, which must be that of the request if it names one. */
export function regionOf(zone: string, headerRegion: string): Region {
  const region = findRegion(findZone(zone)?.region ?? '');
  if (!region) throw illegalZone(`The zone ${zone} is not known`);
  if (headerRegion !== '' && headerRegion !== region.code) {
    throw illegalZone(`The zone ${zone} is not in the region ${headerRegion}`);
  }
  return region;
}

/** Zones of the primary and, if there is one, of the standby. */
export function zonesOf(nodes: readonly NodeRequest[], region: Region): string[] {
  const zone = (role: string): string[] => nodes.filter(({ Role }) => Role === role).map(({ Zone }) => Zone);
  const [primaries, standbys] = [zone('Primary'), zone('Standby')];
  if (nodes.some(({ DedicatedClusterId }) => DedicatedClusterId))
    throw unsupported('There are no dedicated clusters here');
  if (primaries.length + standbys.length !== nodes.length) throw invalid('The Role of a node is Primary or Standby');
  if (primaries.length !== 1) throw invalid('DBNodeSet must hold one node with the role Primary');
  if (standbys.length > 1) throw unsupported('An instance has one standby at most here');
  const zones = [...primaries, ...standbys];
  for (const each of zones) {
    if (!region.zones.some(({ code }) => code === each))
      throw illegalZone(`The zone ${each} is not in the region ${region.code}`);
  }
  return zones;
}

const noNetwork = (message: string): ApiError => new ApiError('InvalidParameter.VpcNotFoundError', message);

/** The network of a request, or the default one of the zone. */
export function networkOf(
  deps: ApiDeps,
  { VpcId, SubnetId }: { readonly VpcId?: string | undefined; readonly SubnetId?: string | undefined },
  region: Region,
  zone: string,
): { vpcId: string; subnetId: string } {
  if (!VpcId && SubnetId) throw missing('VpcId');
  const found = findZone(zone);
  const vpcId = VpcId || defaultVpc(region);
  if (deps.networks.vpc(vpcId)?.region !== region.code)
    throw noNetwork(`There is no VPC ${vpcId} in the region ${region.code}`);
  if (!SubnetId && vpcId !== defaultVpc(region)) throw missing('SubnetId');
  const subnetId = SubnetId || (found ? defaultSubnet(found) : '');
  const subnet = deps.networks.subnet(subnetId);
  if (subnet?.vpcId !== vpcId) throw noNetwork(`There is no subnet ${subnetId} in the VPC ${vpcId}`);
  return { vpcId, subnetId };
}

/** Groups to bind, in their order; the default group of the region when none is named. */
export function groupsOf(deps: ApiDeps, ids: readonly string[], region: string): string[] {
  const found = findRegion(region);
  if (ids.length === 0 && found) return [defaultGroup(found)];
  for (const id of ids) {
    if (deps.networks.group(id)?.region !== region)
      throw invalid(`There is no security group ${id} in the region ${region}`);
  }
  if (new Set(ids).size !== ids.length) throw invalid('A security group is named twice');
  return [...ids];
}
