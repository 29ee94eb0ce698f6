using Dapper;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using Kilde.Platform.Databases;

namespace Kilde.Register.Periods;

/// <summary>
/// The years of which a reporting unit has sent one half only: activity without the identity message that tells whose
/// it is, or the identity message without activity (R2.08).
/// </summary>
public sealed class FindMissingHalves
{
    private readonly RegisterDatabase _database;
    private readonly Func<IEnumerable<MessageType>> _types;

    public FindMissingHalves(RegisterDatabase database, DefinitionCatalogue catalogue)
        : this(database, () => catalogue.MessageTypes)
    {
    }

    internal FindMissingHalves(RegisterDatabase database, Func<IEnumerable<MessageType>> types) =>
        (_database, _types) = (database, types);

    /// <param name="Sender">The reporting unit as it names itself.</param>
    /// <param name="Sent">The message types it has sent of the year, among those that belong together.</param>
    /// <param name="IsIdentityMissing">True: the identity message is missing. False: the activity is.</param>
    /// <param name="ExtractedOn">The newest extraction of the half that has come.</param>
    public sealed record MissingHalf(
        string Sender, DataYear Year, IReadOnlyList<string> Sent, bool IsIdentityMissing, DateOnly ExtractedOn);

    /// <param name="year">Null for every year.</param>
    public async Task<IReadOnlyList<MissingHalf>> FindAsync(DataYear? year, CancellationToken cancellation)
    {
        var types = _types().ToArray();
        await using var connection = await _database.Source.OpenConnectionAsync(cancellation);
        var found = await connection.QueryAsync<(string Sender, short Year, string[] Sent, bool, DateOnly)>(
            new CommandDefinition(
                Find,
                new
                {
                    year = year?.Year,
                    identities = NamesOf(types, type => type.HasIdentities),
                    activities = NamesOf(types, HasPersonsApart),
                },
                cancellationToken: cancellation));
        return
        [
            .. found.Select(half => new MissingHalf(
                half.Sender, DataYear.Of(new DateOnly(half.Year, 1, 1)), half.Sent, half.Item4, half.Item5)),
        ];
    }

    private static bool HasPersonsApart(MessageType type) =>
        type.RecordTypes.Any(record => record.PersonSource == PersonSource.Apart);

    private static string[] NamesOf(IEnumerable<MessageType> types, Func<MessageType, bool> which) =>
        [.. types.Where(which).Select(type => type.Name).Distinct()];

    private const string Find =
        """
        select sender, data_year, array_agg(message_type order by message_type),
          bool_and(message_type = any(@activities)), max(extracted_on)
        from register.period
        where (@year is null or data_year = @year)
          and (message_type = any(@activities) or message_type = any(@identities))
        group by sender, data_year
        having bool_and(message_type = any(@activities)) or bool_and(message_type = any(@identities))
        order by data_year desc, sender
        """;
}
