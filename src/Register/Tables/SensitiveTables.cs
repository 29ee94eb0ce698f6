using Kilde.Platform.Databases;

namespace Kilde.Register.Tables;

/// <summary>
/// The schemas of the sensitive classes, and who may what in them: the platform's own role nothing, the keeper all, and
/// the role of the class, where there is one, reading. Denied unless granted.
/// </summary>
internal static class SensitiveTables
{
    /// <summary>Before the tables are made.</summary>
    public static string Schemas(IReadOnlyList<RecordTable> tables) => string.Concat(PlacesOf(tables).Select(place =>
        $$"""
        do $$
        begin
          if to_regnamespace('{{place.Schema}}') is null then
            create schema {{place.Schema}};
            create table {{place.Change}} (like register.change including all);
            comment on table {{place.Change}} is
              'The change feed of what is held apart in this schema: as register.change, which tells nothing of it.';
          end if;
        end
        $$;

        """));

    /// <summary>
    /// When the tables are made. The rights are given anew when some are lacking: a table or a role may have come
    /// since.
    /// </summary>
    public static string Rights(IReadOnlyList<RecordTable> tables) => string.Concat(
        PlacesOf(tables).Select(place => Rights(place, tables.Where(table => table.Classes.Contains(place.Class!)))));

    private static IEnumerable<RecordPlace> PlacesOf(IEnumerable<RecordTable> tables) =>
        tables.SelectMany(table => table.Places).Select(table => table.Place).Where(place => place.Class is not null)
            .DistinctBy(place => place.Class);

    // The keeper reads the ordinary tables too, to put items back into the record they belong to.
    private static string Rights(RecordPlace place, IEnumerable<RecordTable> tables)
    {
        const string keeper = DatabaseSetup.SensitiveKeeperRole;
        var reader = DatabaseSetup.SensitiveRoleOf(place.Class!);
        var ordinary = string.Join(
            ", ", tables.Select(table => table.Place).Select(held => $"{held.Table}, {held.Locator}"));
        return $$"""
            do $$
            begin
              if exists (
                select from pg_class
                where relnamespace = to_regnamespace('{{place.Schema}}') and relkind in ('r', 'p')
                  and not has_table_privilege('{{keeper}}', oid, 'select'))
              then
                perform platform.take_from_logins('all', 'all tables in schema {{place.Schema}}');
                perform platform.take_from_logins('all', 'schema {{place.Schema}}');
                grant usage on schema {{place.Schema}}, register to {{keeper}};
                grant select, insert, update, delete on all tables in schema {{place.Schema}} to {{keeper}};
                grant select on {{ordinary}}, register.period to {{keeper}};
              end if;
              if exists (select from pg_roles where rolname = '{{reader}}') and exists (
                select from pg_class
                where relnamespace = to_regnamespace('{{place.Schema}}') and relkind in ('r', 'p')
                  and not has_table_privilege('{{reader}}', oid, 'select'))
              then
                grant usage on schema {{place.Schema}} to {{reader}};
                grant select on all tables in schema {{place.Schema}} to {{reader}};
              end if;
            end
            $$;

            """;
    }
}
