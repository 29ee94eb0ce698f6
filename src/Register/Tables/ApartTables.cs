using Dapper;
using Npgsql;

namespace Kilde.Register.Tables;

/// <summary>
/// The tables that have sensitive classes, as the database has them: more than this process may know of, since a newer
/// version of the platform may run beside it, and a class that has left the definitions keeps what it holds.
/// </summary>
internal sealed class ApartTables
{
    private static volatile ApartTables s_newest = new("");

    private readonly string _told;
    private readonly Dictionary<string, string[]> _classes = new(StringComparer.Ordinal);

    private ApartTables(string told)
    {
        _told = told;
        foreach (var table in told.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = table.Split(' ');
            _classes[words[0]] = words[1..];
        }
    }

    /// <param name="told">Each table followed by its classes, with a comma between the tables.</param>
    public static ApartTables Of(string told)
    {
        // They change when the platform is renewed; every merge asks.
        var newest = s_newest;
        return newest._told == told ? newest : s_newest = new ApartTables(told);
    }

    /// <summary>None for most tables.</summary>
    public string[] ClassesOf(SqlName table) => _classes.GetValueOrDefault(table.Text, []);

    public IReadOnlyList<RecordPlace> PlacesOf(SqlName table) => RecordPlace.AllOf(table, ClassesOf(table));

    /// <summary>The same for one table, asked of the database.</summary>
    public static async Task<IReadOnlyList<RecordPlace>> ReadAsync(
        SqlName table, NpgsqlTransaction transaction, CancellationToken cancellation) =>
        RecordPlace.AllOf(table, await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            "select unnest(sensitive_classes) from register.record_table where record_table = @name",
            new { name = table.Text }, transaction, cancellationToken: cancellation)));
}
