import type { ConnectionProfile } from '../../ports';

/** As whom a session connects when not as the registration says. The password is kept for this session's reconnects only. */
export interface SessionAs {
  /** Empty: the registration's. */
  readonly user: string;
  readonly password?: string | undefined;
  /** Empty is none; undefined the registration's, unless the user is another one. */
  readonly role?: string | undefined;
}

/** The registration's profile for another user or role: the registered password is the registered user's alone. */
export function profileAs(profile: ConnectionProfile, as: SessionAs | null): ConnectionProfile {
  if (!as) return profile;
  const same = as.user === '' || as.user === profile.user;
  return {
    ...profile,
    user: same ? profile.user : as.user,
    password: as.password ?? (same ? profile.password : null),
    role: as.role ?? (same ? profile.role : ''),
  };
}
