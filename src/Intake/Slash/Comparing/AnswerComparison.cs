using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Intake.Senders;
using Kilde.Intake.Silence;
using Kilde.Kernel;
using Kilde.Register.Comparing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Intake.Slash.Comparing;

/// <summary>
/// Tells a sender whether the register has what it has sent: sums of digests of its own records, ever smaller parts,
/// and at last which records differ (ADR 105). The unit is the token's and nothing else, so no sender learns of
/// another's records, not even how many there are.
/// </summary>
internal sealed class AnswerComparison(
    AnswerKnown known, SenderDirectory senders, DefinitionCatalogue catalogue, CompareRecords compare,
    HearOwnCounts hear) : IDisposable
{
    /// <summary>Questions answered at once. Each may read an index of all a sender has.</summary>
    private const int AtOnceMax = 4;

    private readonly AnswerPlaces _places = new(
        AtOnceMax, TimeSpan.FromSeconds(1), "Mange sammenligner nå. Spør igjen om litt.");

    public static void Map(IEndpointRouteBuilder routes)
    {
        var answer = routes.ServiceProvider.GetRequiredService<AnswerComparison>();
        routes.MapPost("/compare", context => answer.HandleAsync(context));
    }

    public void Dispose() => _places.Dispose();

    private Task HandleAsync(HttpContext context) => known.AnswerAsync(context, async (exchange, cancellation) =>
    {
        if (await AnswerKnown.ReadAsync<CompareRequest>(context.Request, CompareWire.Json, cancellation)
            is not { } request)
            return Refusal.BadQuestion("body", "Spørsmålet skal være JSON på høyst 1 MB, slik compare.md viser.");
        var (type, record, refusal) = CompareReading.FindRecord(request, catalogue);
        if (refusal is not null) return refusal;
        var submitter = exchange.Submitter!;
        var today = NorwegianDay.Of(exchange.ReceivedAt);
        if (!await senders.MaySendAsync(submitter, type!, today, cancellation))
        {
            return Refusal.NotSetUp(
                "messageType", $"Enheten {submitter.Unit} er ikke satt opp til å sende {type!.Name}.");
        }

        var ground = new AccessGround(new Actor("client", submitter.ClientId), "sammenligning");
        var side = compare.SideOf(ComparedRecords.Of(type!, record!, submitter.Unit.ToString(), ground));
        var feed = new ComparedFeed(submitter.Unit, type!, record!);
        return await _places.HoldAsync(
            () => AnswerAsync(context, request, side, feed, cancellation), cancellation);
    });

    private Task<Refusal?> AnswerAsync(
        HttpContext context, CompareRequest request, IRecordSide side, ComparedFeed feed,
        CancellationToken cancellation) =>
        request.Ask switch
        {
            "months" => AnswerMonthsAsync(context, request, side, feed, cancellation),
            "parts" => AnswerPartsAsync(context, request, side, cancellation),
            "records" => AnswerRecordsAsync(context, request, side, cancellation),
            "names" => AnswerNamesAsync(context, request, side, cancellation),
            _ => Task.FromResult<Refusal?>(
                Refusal.BadQuestion("ask", "ask skal være months, parts, records eller names.")),
        };

    private async Task<Refusal?> AnswerMonthsAsync(
        HttpContext context, CompareRequest request, IRecordSide side, ComparedFeed feed,
        CancellationToken cancellation)
    {
        if (CompareReading.Months(request) is not { } months)
            return Refusal.BadQuestion("from/to", "Måneder skrives som 2026-01.");
        var own = request.Own is { } told ? CompareReading.Own(told) : null;
        if (request.Own is not null && own is null)
        {
            return Refusal.BadQuestion(
                "own", $"own skal være måneder som i svaret, hver én gang, høyst {HearOwnCounts.PlacesMax}.");
        }

        IReadOnlyDictionary<DigestPlace, DigestSum> sums;
        try
        {
            sums = await side.SumPlacesAsync(months.From, months.To, cancellation);
        }
        catch (DigestsBeingMadeException)
        {
            return Refusal.Busy(1, "Kontrollsummene av året lages. Spør igjen.");
        }

        if (own is not null)
        {
            var first = RecordDigests.IsOfYears(feed.Type) ? months.From.Year : months.From;
            await hear.HearAsync(
                feed.Unit, feed.Type, feed.Record, first, months.To, HeardPlace.Of(own, sums, first, months.To),
                cancellation);
        }

        return await WriteAsync(context, new CompareMonths(
            await compare.ReadKeyAsync(feed.Unit.ToString(), cancellation),
            [
                .. sums.OrderBy(sum => sum.Key.Unit, StringComparer.Ordinal).ThenBy(sum => sum.Key.Month)
                    .Select(sum => new CompareMonth(
                        sum.Key.Unit, sum.Key.Month.ToString(), sum.Value.Count, DigestText.Of(sum.Value.Sum))),
            ]));
    }

    private static async Task<Refusal?> AnswerPartsAsync(
        HttpContext context, CompareRequest request, IRecordSide side, CancellationToken cancellation)
    {
        if (request.Split is not ({ } split and >= 1 and <= DigestNode.SplitMax))
            return Refusal.BadQuestion("split", $"split skal være 1 til {DigestNode.SplitMax}.");
        if (CompareReading.Nodes(request, split) is not { } nodes) return WrongNodes();
        var sums = await side.SumChildrenAsync(nodes, split, cancellation);
        return await WriteAsync(context, new CompareParts([.. sums.Select(CompareWire.Pack)]));
    }

    private static async Task<Refusal?> AnswerRecordsAsync(
        HttpContext context, CompareRequest request, IRecordSide side, CancellationToken cancellation)
    {
        if (CompareReading.Nodes(request, split: 0) is not { } nodes) return WrongNodes();
        var records = await side.ListAsync(nodes, cancellation);
        if (records.Sum(part => part.Count) > CompareRecords.ListedMax)
            return Refusal.BadQuestion("nodes", $"Mer enn {CompareRecords.ListedMax} poster. Del opp med parts.");
        return await WriteAsync(context, new CompareParts([.. records.Select(CompareWire.Pack)]));
    }

    private static async Task<Refusal?> AnswerNamesAsync(
        HttpContext context, CompareRequest request, IRecordSide side, CancellationToken cancellation)
    {
        if (CompareReading.Names(request) is not { } names) return WrongNodes();
        return await WriteAsync(context, new CompareNames(await side.NameAsync(names, cancellation)));
    }

    private static Refusal WrongNodes() => Refusal.BadQuestion(
        "nodes",
        $"Høyst {CompareReading.NodesMax} deler i et spørsmål, {CompareReading.ChildrenMax} underdeler og "
        + $"{DigestNode.BitsMax} bit, og et prefiks med så mange bit som bits sier.");

    private static async Task<Refusal?> WriteAsync<T>(HttpContext context, T answer)
    {
        await SlashAnswers.WriteAsync(context, answer, CompareWire.Json);
        return null;
    }

    private sealed record ComparedFeed(OrganizationNumber Unit, MessageType Type, RecordType Record);
}
