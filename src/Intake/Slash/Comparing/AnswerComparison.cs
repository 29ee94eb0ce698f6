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
        AtOnceMax, TimeSpan.FromSeconds(1), new(
            "Mange sammenligner nå. Spør igjen om litt.",
            "Mange samanliknar no. Spør igjen om litt.",
            "Many compare now. Ask again in a while."));

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
            return Refusal.BadBody("compare.md");
        var (type, record, refusal) = CompareReading.FindRecord(request, catalogue);
        if (refusal is not null) return refusal;
        var submitter = exchange.Submitter!;
        var today = NorwegianDay.Of(exchange.ReceivedAt);
        if (!await senders.MaySendAsync(submitter, type!, today, cancellation))
        {
            return Refusal.NotSetUp(
                "messageType", new(
                    $"Enheten {submitter.Unit} er ikke satt opp til å sende {type!.Name}.",
                    $"Eininga {submitter.Unit} er ikkje sett opp til å sende {type!.Name}.",
                    $"The unit {submitter.Unit} is not set up to send {type!.Name}."));
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
                Refusal.BadQuestion("ask", new(
                    "ask skal være months, parts, records eller names.",
                    "ask skal vere months, parts, records eller names.",
                    "ask is to be months, parts, records or names."))),
        };

    private async Task<Refusal?> AnswerMonthsAsync(
        HttpContext context, CompareRequest request, IRecordSide side, ComparedFeed feed,
        CancellationToken cancellation)
    {
        if (CompareReading.Months(request) is not { } months)
            return Refusal.BadQuestion("from/to", new(
                "Måneder skrives som 2026-01.",
                "Månader blir skrivne som 2026-01.",
                "Months are written as 2026-01."));
        var own = request.Own is { } told ? CompareReading.Own(told) : null;
        if (request.Own is not null && own is null)
        {
            return Refusal.BadQuestion(
                "own", new(
                    $"own skal være måneder som i svaret, hver én gang, høyst {HearOwnCounts.PlacesMax}.",
                    $"own skal vere månader som i svaret, kvar éin gong, høgst {HearOwnCounts.PlacesMax}.",
                    $"own is to be months as in the answer, each once, at most {HearOwnCounts.PlacesMax}."));
        }

        IReadOnlyDictionary<DigestPlace, DigestSum> sums;
        try
        {
            sums = await side.SumPlacesAsync(months.From, months.To, cancellation);
        }
        catch (DigestsBeingMadeException)
        {
            return Refusal.Busy(1, new(
                "Kontrollsummene av året lages. Spør igjen.",
                "Kontrollsummane av året blir laga. Spør igjen.",
                "The digests of the year are being made. Ask again."));
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
            return Refusal.BadQuestion("split", new(
                $"split skal være 1 til {DigestNode.SplitMax}.",
                $"split skal vere 1 til {DigestNode.SplitMax}.",
                $"split is to be 1 to {DigestNode.SplitMax}."));
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
            return Refusal.BadQuestion("nodes", new(
                $"Mer enn {CompareRecords.ListedMax} poster. Del opp med parts.",
                $"Meir enn {CompareRecords.ListedMax} postar. Del opp med parts.",
                $"More than {CompareRecords.ListedMax} records. Divide with parts."));
        return await WriteAsync(context, new CompareParts([.. records.Select(CompareWire.Pack)]));
    }

    private static async Task<Refusal?> AnswerNamesAsync(
        HttpContext context, CompareRequest request, IRecordSide side, CancellationToken cancellation)
    {
        if (CompareReading.Names(request) is not { } names) return WrongNodes();
        return await WriteAsync(context, new CompareNames(await side.NameAsync(names, cancellation)));
    }

    private static Refusal WrongNodes() => Refusal.BadQuestion(
        "nodes", new(
            $"Høyst {CompareReading.NodesMax} deler i et spørsmål, {CompareReading.ChildrenMax} underdeler og "
            + $"{DigestNode.BitsMax} bit, og et prefiks med så mange bit som bits sier.",
            $"Høgst {CompareReading.NodesMax} delar i eit spørsmål, {CompareReading.ChildrenMax} underdelar og "
            + $"{DigestNode.BitsMax} bit, og eit prefiks med så mange bit som bits seier.",
            $"At most {CompareReading.NodesMax} parts in a question, {CompareReading.ChildrenMax} children and "
            + $"{DigestNode.BitsMax} bits, and a prefix of as many bits as bits says."));

    private static async Task<Refusal?> WriteAsync<T>(HttpContext context, T answer)
    {
        await SlashAnswers.WriteAsync(context, answer, CompareWire.Json);
        return null;
    }

    private sealed record ComparedFeed(OrganizationNumber Unit, MessageType Type, RecordType Record);
}
