"""Queries of the structure that recording on PostgreSQL relies on: tables, triggers, function."""

from sqlalchemy import text

# A table that another one inherits from has rows without our triggers.
UNRECORDED = """
    SELECT format('%s is inherited by %s', relname, inhrelid::regclass) AS what
      FROM pg_class JOIN pg_inherits ON inhparent = pg_class.oid
     WHERE relnamespace = current_schema()::regnamespace AND relname = ANY (:names)
       AND relkind = 'r'
    UNION ALL
    SELECT format('%s has row-level security', relname) FROM pg_class
     WHERE relnamespace = current_schema()::regnamespace AND relname = ANY (:names)
       AND row_security_active(oid)
"""
OBSTACLES = text(f"""
    SELECT has_schema_privilege(current_schema(), 'CREATE') AND NOT EXISTS (
               SELECT FROM pg_class
                WHERE relnamespace = current_schema()::regnamespace AND relname = ANY (:own)
                  AND NOT pg_has_role(relowner, 'USAGE')) AS owns_tables,
           ARRAY ({UNRECORDED}) AS unrecorded
""")
STRUCTURE = text(f"""
    SELECT md5(string_agg(what, E'\\n' ORDER BY what)) FROM (
        SELECT format('column %s %s %s %s %s %s', relname, row_number() OVER (
                   PARTITION BY relname ORDER BY attnum), attname, attnotnull, attgenerated,
                   format_type(atttypid, atttypmod)) AS what
          FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
         WHERE relnamespace = current_schema()::regnamespace AND relname = ANY (:names)
           AND attnum > 0 AND NOT attisdropped
        UNION ALL
        SELECT format('trigger %s %s %s', relname, tgname, tgenabled)
          FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
         WHERE relnamespace = current_schema()::regnamespace AND starts_with(tgname, :recorder)
        UNION ALL
        SELECT format('function %s', prosrc) FROM pg_proc
         WHERE pronamespace = current_schema()::regnamespace AND proname = :recorder
        UNION ALL {UNRECORDED}) AS found
""")
# `versions` differs after each change of the structure, even one that was taken back: meanwhile,
# other changes may not have been recorded. It takes a third of the time of the structure itself.
VERSIONS = text("""
    WITH ours AS MATERIALIZED (
        SELECT oid, relkind, row_security_active(oid) AS is_filtered FROM pg_class
         WHERE relnamespace = current_schema()::regnamespace AND relname = ANY (:names))
    SELECT md5(concat_ws(';',
        (SELECT string_agg(concat_ws(' ', attrelid, attnum, pg_attribute.xmin), ','
                           ORDER BY attrelid, attnum)
           FROM pg_attribute JOIN ours ON ours.oid = attrelid WHERE attnum > 0),
        (SELECT string_agg(concat_ws(' ', pg_trigger.oid, pg_trigger.xmin), ','
                           ORDER BY pg_trigger.oid)
           FROM pg_trigger JOIN ours ON ours.oid = tgrelid WHERE starts_with(tgname, :recorder)),
        (SELECT string_agg(concat_ws(' ', oid, xmin), ',' ORDER BY oid) FROM pg_proc
          WHERE pronamespace = current_schema()::regnamespace AND proname = :recorder),
        (SELECT string_agg(inhrelid::text, ',' ORDER BY inhrelid)
           FROM pg_inherits JOIN ours ON ours.oid = inhparent WHERE relkind = 'r'),
        (SELECT string_agg(is_filtered::text, ',' ORDER BY oid) FROM ours))) AS versions,
        (SELECT string_agg(oid::text, ',' ORDER BY oid) FROM ours) AS tables
""")
# TRUNCATE of a partition does not call the triggers of its table.
LEAVES = text("""
    SELECT pg_class.oid::regclass::text FROM pg_partition_tree(to_regclass(:name)) AS tree
      JOIN pg_class ON pg_class.oid = tree.relid WHERE isleaf
    UNION SELECT quote_ident(:name)
""")
