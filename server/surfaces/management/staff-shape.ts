import type { StaffInvitation, StaffMember, StaffRole, StaffSession } from '../../../contract/staff.ts';
import type { Db } from '../../base/db.ts';
import type { ListedSession, Role, Staff, Ticket } from '../../features/staff/staff.ts';
import { storesOfStaff } from '../../features/stores/stores.ts';

/** One of the staff, or several, as the API shows them. */
export async function showStaff(db: Db, staff: readonly Staff[]): Promise<StaffMember[]> {
  const ids = staff.map(({ id }) => id);
  const stores = await storesOfStaff(db, ids);
  return staff.map(({ id, email, name, blocked, roles, brands, hasFactor, seenAt, version, createdAt, updatedAt }) => ({
    id,
    email,
    name,
    blocked,
    roles: [...roles],
    brands: brands && [...brands],
    stores: stores.get(id) ?? [],
    second_factor: hasFactor,
    last_seen_at: seenAt?.toISOString() ?? null,
    version,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  }));
}

export function showStaffSession({ id, ip, userAgent, createdAt, seenAt, expiresAt }: ListedSession): StaffSession {
  return {
    id,
    ip,
    user_agent: userAgent,
    created_at: createdAt.toISOString(),
    last_seen_at: seenAt.toISOString(),
    expires_at: expiresAt.toISOString(),
  };
}

export function showRole({ reads, writes, created_at, updated_at, ...role }: Role): StaffRole {
  return {
    ...role,
    attributes: { read: reads, write: writes },
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
  };
}

export function showInvitation(invitation: Ticket): StaffInvitation {
  const { id, email, name = null, roles, brands, stores, invitedBy, createdAt, expiresAt } = invitation;
  return {
    id,
    email: email ?? '',
    name,
    roles,
    brands,
    stores,
    invited_by: invitedBy,
    created_at: createdAt.toISOString(),
    expires_at: expiresAt.toISOString(),
  };
}
