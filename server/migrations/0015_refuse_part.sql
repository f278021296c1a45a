-- Lets one statement that writes several things be all or nothing: a part that finds no row refuses the whole.
create function refuse_part(place integer) returns boolean language plpgsql volatile as $$
begin
  raise exception using errcode = 'RG001', message = place::text;
end
$$;
