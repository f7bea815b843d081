"""The only place with SQL: tables, migrations, and one module a concern."""
