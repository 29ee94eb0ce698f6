using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Kilde.Definitions;
using Kilde.Definitions.Publishing;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Platform.SignIn;
using Kilde.Register.Comparing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kilde.Portal.Comparing;

/// <summary>
/// The message type's own example message, with its digests under the sender's own key: what a program of the sender's
/// is to come to.
/// </summary>
internal static class DownloadExample
{
    public const string Path = "/sammenlign/eksempel.json";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, HandleAsync).RequireAuthorization(PortalPolicy.Sender);

    private static async Task<Results<FileContentHttpResult, NotFound>> HandleAsync(
        string? type, HttpContext context, CompareOwnRecords compare, DefinitionCatalogue catalogue,
        PersonIdentifierPolicy persons, TimeProvider clock, CancellationToken cancellation)
    {
        var unit = SignedInUser.From(context.User)!.Unit!.Value;
        var feeds = (await compare.FindFeedsAsync(unit, cancellation)).Feeds;
        if (feeds.FirstOrDefault(each => each.Key == type) is not { } feed) return TypedResults.NotFound();
        var key = await compare.ReadKeyAsync(unit, cancellation);
        var (message, own) = ExampleOf(feed, new OwnSide(unit, key), new Reading(catalogue, persons, clock));
        var file = JsonSerializer.SerializeToNode(DigestFile.Of(feed.Type, feed.Record, own), DigestFile.Json)!
            .AsObject();
        file.Insert(0, DigestFile.KeyName, Convert.ToBase64String(key));
        file.Insert(1, DigestFile.SenderName, unit.ToString());
        file.Add("exampleMessage", message);
        return TypedResults.File(
            Encoding.UTF8.GetBytes(file.ToJsonString(Readable)), "application/json",
            $"eksempel-{feed.Type.Name}.json");
    }

    private sealed record OwnSide(OrganizationNumber Unit, byte[] Key);

    private sealed record Reading(DefinitionCatalogue Catalogue, PersonIdentifierPolicy Persons, TimeProvider Clock)
    {
        public DateOnly Today => Norwegian.Day(Clock.GetUtcNow());

        public ReadOptions Options => new(Persons, Today);
    }

    private static (JsonNode Message, IReadOnlyDictionary<DigestPlace, OwnRecord[]> Own) ExampleOf(
        ComparedFeed feed, OwnSide side, Reading reading)
    {
        if (feed.Type.Xml is not null) return ExampleXmlOf(feed, side, reading);
        var message = ExampleMessage.Of(feed.Type);
        var content = reading.Catalogue.ReaderOf(feed.Type).Read(Encoding.UTF8.GetBytes(message), reading.Options);
        var own = new OwnRecords(side.Key, side.Unit.ToString());
        foreach (var batch in content.Batches.Where(batch => batch.Type.Table == feed.Record.Table)) own.Add(batch);
        return (JsonNode.Parse(message)!, own.Sorted(RecordMonth.None, RecordMonth.Max));
    }

    private static (JsonNode Message, IReadOnlyDictionary<DigestPlace, OwnRecord[]> Own) ExampleXmlOf(
        ComparedFeed feed, OwnSide side, Reading reading)
    {
        var message = ExampleXml.Of(feed.Type);
        using var xml = DefinitionCatalogue.ReadXml(new MemoryStream(Encoding.UTF8.GetBytes(message)));
        xml.MoveToContent();
        var own = OwnFiles.Of(feed.Type, side.Key, side.Unit);
        using (var rows = reading.Catalogue.OpenXml(xml, reading.Options).Reading)
            if (rows is not null) own.Read(rows, reading.Today);
        return (JsonValue.Create(message), own.Sorted(feed.Record, RecordMonth.None, RecordMonth.Max));
    }
}
