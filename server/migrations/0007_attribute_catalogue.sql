-- The attributes that every Regulars knows: the standard claims of OpenID Connect, and what networks tell of likes.

insert into attributes (path, type, sensitive, segmentable, labels, is_system, created_at, updated_at)
select path, type, sensitive, segmentable,
  jsonb_build_object('en', en, 'de', de, 'es', es, 'fr', fr), true, now(), now()
from (values
  ('name',               'text',     false, false, 'Full name', 'Name', 'Nombre completo', 'Nom complet'),
  ('given_name',         'text',     false, false, 'First name', 'Vorname', 'Nombre', 'Prénom'),
  ('family_name',        'text',     false, false, 'Last name', 'Nachname', 'Apellidos', 'Nom'),
  ('middle_name',        'text',     false, false, 'Middle name', 'Zweiter Vorname', 'Segundo nombre', 'Deuxième prénom'),
  ('nickname',           'text',     false, false, 'Nickname', 'Spitzname', 'Apodo', 'Surnom'),
  ('preferred_username', 'text',     false, false, 'Preferred username', 'Bevorzugter Benutzername',
    'Nombre de usuario preferido', 'Nom d’utilisateur préféré'),
  ('username',           'text',     false, false, 'Username', 'Benutzername', 'Nombre de usuario', 'Nom d’utilisateur'),
  ('profile',            'url',      false, false, 'Profile page', 'Profilseite', 'Página de perfil', 'Page de profil'),
  ('picture',            'url',      false, false, 'Picture', 'Bild', 'Foto', 'Photo'),
  ('website',            'url',      false, false, 'Website', 'Website', 'Sitio web', 'Site web'),
  ('email',              'email',    false, false, 'E-mail address', 'E-Mail-Adresse', 'Correo electrónico',
    'Adresse e-mail'),
  ('phone_number',       'phone',    false, false, 'Phone number', 'Telefonnummer', 'Número de teléfono',
    'Numéro de téléphone'),
  ('gender',             'text',     false, true,  'Gender', 'Geschlecht', 'Género', 'Genre'),
  ('birthdate',          'birthday', false, true,  'Birthday', 'Geburtstag', 'Cumpleaños', 'Anniversaire'),
  ('zoneinfo',           'text',     false, true,  'Time zone', 'Zeitzone', 'Zona horaria', 'Fuseau horaire'),
  ('locale',             'text',     false, true,  'Language', 'Sprache', 'Idioma', 'Langue'),
  ('address',            'json',     false, false, 'Address', 'Anschrift', 'Dirección', 'Adresse'),
  ('likes',              'list',     true,  true,  'Likes', 'Gefällt mir', 'Me gusta', 'J’aime')
) as known (path, type, sensitive, segmentable, en, de, es, fr);
