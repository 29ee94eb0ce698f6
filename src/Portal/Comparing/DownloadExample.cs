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
        var message = ExampleMessage.Of(feed.Type);
        var content = catalogue.ReaderOf(feed.Type).Read(
            Encoding.UTF8.GetBytes(message), new ReadOptions(persons, Norwegian.Day(clock.GetUtcNow())));
        var own = new OwnRecords(key, unit.ToString());
        foreach (var batch in content.Batches.Where(batch => batch.Type.Table == feed.Record.Table)) own.Add(batch);

        var file = JsonSerializer.SerializeToNode(
            DigestFile.Of(
                feed.Type.Name, feed.Type.Version, feed.Record.WireName, own.Sorted(RecordMonth.None, RecordMonth.Max)),
            DigestFile.Json)!.AsObject();
        file.Insert(0, DigestFile.KeyName, Convert.ToBase64String(key));
        file.Insert(1, DigestFile.SenderName, unit.ToString());
        file.Add("exampleMessage", JsonNode.Parse(message));
        return TypedResults.File(
            Encoding.UTF8.GetBytes(file.ToJsonString(Readable)), "application/json",
            $"eksempel-{feed.Type.Name}.json");
    }
}
