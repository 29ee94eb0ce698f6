using System.Text.Json;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Intake.Senders;
using Kilde.Register.Comparing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kilde.Intake.Slash.Comparing;

/// <summary>
/// Tells a sender whether the register has what it has sent: sums of digests of its own records, ever smaller parts,
/// and at last which records differ (ADR 105). The unit is the token's and nothing else, so no sender learns of
/// another's records, not even how many there are.
/// </summary>
internal sealed class AnswerComparison(
    Authentication authentication, SenderDirectory senders, DefinitionCatalogue catalogue, CompareRecords compare,
    TimeProvider clock) : IDisposable
{
    /// <summary>Questions answered at once. Each may read an index of all a sender has.</summary>
    private const int AtOnceMax = 4;

    private const int BodyBytesMax = 1 << 20;
    private const int RetrySeconds = 1;

    private readonly SemaphoreSlim _places = new(AtOnceMax);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var answer = routes.ServiceProvider.GetRequiredService<AnswerComparison>();
        routes.MapPost("/compare", context => answer.HandleAsync(context, context.RequestAborted));
    }

    public void Dispose() => _places.Dispose();

    private async Task HandleAsync(HttpContext context, CancellationToken cancellation)
    {
        using var exchange = new SlashExchange(context, SlashRequests.CorrelationOf(context), clock.GetUtcNow())
        {
            IsTrial = true,
        };
        Refusal? refusal;
        try
        {
            refusal = await AnswerAsync(exchange, cancellation);
        }
        catch (NpgsqlException)
        {
            refusal = Refusal.StorageAway();
        }

        if (refusal is not null) await SlashAnswers.WriteAsync(context, refusal);
    }

    private async Task<Refusal?> AnswerAsync(SlashExchange exchange, CancellationToken cancellation)
    {
        var refusal = await authentication.CheckTokenAsync(exchange, cancellation)
            ?? await authentication.CheckProofAsync(exchange, cancellation);
        if (refusal is not null) return refusal;

        var today = NorwegianDay.Of(exchange.ReceivedAt);
        (var submitter, refusal) = SenderHeaders.Read(exchange.Token!, exchange.Context.Request, today);
        if (refusal is not null) return refusal;
        if (await ReadAsync(exchange.Context.Request, cancellation) is not { } request)
            return CompareReading.Bad("body", "Spørsmålet skal være JSON på høyst 1 MB, slik compare.md viser.");
        (var type, var record, refusal) = CompareReading.FindRecord(request, catalogue);
        if (refusal is not null) return refusal;
        if (!await senders.MaySendAsync(submitter!, type!, today, cancellation))
        {
            return Refusal.Bad(
                SlashCode.ShouldNotReceiveMessageForGivenOrganizationAndMessageType, "messageType",
                $"Enheten {submitter!.Unit} er ikke satt opp til å sende {type!.Name}.");
        }

        if (!await _places.WaitAsync(TimeSpan.FromSeconds(RetrySeconds), cancellation))
            return Refusal.Busy(RetrySeconds, "Mange sammenligner nå. Spør igjen om litt.");
        try
        {
            var ground = new AccessGround(new Actor("client", submitter!.ClientId), "sammenligning");
            var side = compare.SideOf(new ComparedRecords(record!, submitter.Unit.ToString(), ground));
            return await AnswerAsync(exchange.Context, request, side, submitter.Unit.ToString(), cancellation);
        }
        finally
        {
            _places.Release();
        }
    }

    private Task<Refusal?> AnswerAsync(
        HttpContext context, CompareRequest request, IRecordSide side, string sender, CancellationToken cancellation) =>
        request.Ask switch
        {
            "months" => AnswerMonthsAsync(context, request, side, sender, cancellation),
            "parts" => AnswerPartsAsync(context, request, side, cancellation),
            "records" => AnswerRecordsAsync(context, request, side, cancellation),
            "names" => AnswerNamesAsync(context, request, side, cancellation),
            _ => Task.FromResult<Refusal?>(
                CompareReading.Bad("ask", "ask skal være months, parts, records eller names.")),
        };

    private async Task<Refusal?> AnswerMonthsAsync(
        HttpContext context, CompareRequest request, IRecordSide side, string sender, CancellationToken cancellation)
    {
        if (CompareReading.Months(request) is not { } months)
            return CompareReading.Bad("from/to", "Måneder skrives som 2026-01.");
        var sums = await side.SumPlacesAsync(months.From, months.To, cancellation);
        return await WriteAsync(context, new CompareMonths(
            await compare.ReadKeyAsync(sender, cancellation),
            [
                .. sums.OrderBy(sum => sum.Key.Unit, StringComparer.Ordinal).ThenBy(sum => sum.Key.Month)
                    .Select(sum => new CompareMonth(
                        sum.Key.Unit, sum.Key.Month.ToString(), sum.Value.Count, CompareReading.Hex(sum.Value.Sum))),
            ]));
    }

    private static async Task<Refusal?> AnswerPartsAsync(
        HttpContext context, CompareRequest request, IRecordSide side, CancellationToken cancellation)
    {
        if (request.Split is not ({ } split and >= 1 and <= DigestNode.SplitMax))
            return CompareReading.Bad("split", $"split skal være 1 til {DigestNode.SplitMax}.");
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
            return CompareReading.Bad("nodes", $"Mer enn {CompareRecords.ListedMax} poster. Del opp med parts.");
        return await WriteAsync(context, new CompareParts([.. records.Select(CompareWire.Pack)]));
    }

    private static async Task<Refusal?> AnswerNamesAsync(
        HttpContext context, CompareRequest request, IRecordSide side, CancellationToken cancellation)
    {
        if (CompareReading.Names(request) is not { } names) return WrongNodes();
        return await WriteAsync(context, new CompareNames(await side.NameAsync(names, cancellation)));
    }

    private static Refusal WrongNodes() => CompareReading.Bad(
        "nodes",
        $"Høyst {CompareReading.NodesMax} deler i et spørsmål, {CompareReading.ChildrenMax} underdeler og "
        + $"{DigestNode.BitsMax} bit, og et prefiks med så mange bit som bits sier.");

    private static async Task<CompareRequest?> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var limit = request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (limit is { IsReadOnly: false }) limit.MaxRequestBodySize = BodyBytesMax;
        try
        {
            return await JsonSerializer.DeserializeAsync<CompareRequest>(
                request.Body, CompareWire.Json, cancellation);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<Refusal?> WriteAsync<T>(HttpContext context, T answer)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(answer, CompareWire.Json);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
        return null;
    }
}
