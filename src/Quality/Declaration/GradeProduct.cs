using Dapper;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Overview;
using Kilde.Register.Contacts;

namespace Kilde.Quality.Declaration;

/// <summary>
/// How well each item is filled in by those who use a product: what its screens and its extract make of registration
/// (R7.45). Counted of the units that sent with it last; a unit that has changed product is its new product's.
/// </summary>
public sealed class GradeProduct(RegisterDatabase database, DefinitionCatalogue catalogue, CountFilled count)
{
    /// <summary>Records of each kind, in the year. Empty when nobody sends with the product.</summary>
    /// <param name="filter">A product; a vendor's own submissions when it is the vendor that asks.</param>
    public async Task<IReadOnlyList<DeclaredRecords>> GradeAsync(
        SystemFilter filter, DataYear year, CancellationToken cancellation)
    {
        var senders = (await SendersAsync(filter, cancellation)).ToLookup(
            row => row.MessageType, row => row.Sender, StringComparer.Ordinal);
        var types = catalogue.MessageTypes.Where(type => senders.Contains(type.Name) && !type.HasIdentities);
        var graded = new List<DeclaredRecords>();
        foreach (var (type, record) in DeclareQuality.NewestOf(types))
        {
            var filled = await count.CountAsync(type, record, year, [.. senders[type.Name]], cancellation);
            if (filled.Records > 0) graded.Add(DeclareQuality.DeclaredOf(type, filled));
        }

        return graded;
    }

    private async Task<IEnumerable<(string MessageType, string Sender)>> SendersAsync(
        SystemFilter filter, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        return await connection.QueryAsync<(string MessageType, string Sender)>(new CommandDefinition(
            $"""
            select used.message_type, used.institution
            from (
              select distinct s.message_type, s.institution from quality.submission s
              where {CountErrors.Counted} and s.outcome = 'in_register') used
            cross join lateral (
              select n.vendor, n.product from quality.submission n
              where n.institution = used.institution and n.message_type = used.message_type
                and n.outcome = 'in_register'
              order by n.received_at desc limit 1) newest
            where newest.vendor = @vendor and newest.product = @product
            """,
            CountErrors.Parameters(filter),
            cancellationToken: cancellation));
    }
}
