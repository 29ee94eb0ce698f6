using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Definitions.Publishing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kilde.Portal.MessageTypes;

/// <summary>The JSON Schema and the example of a message type, as files.</summary>
public static class DownloadSchema
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var type = routes.MapGroup("/meldingstyper/{name}/{version}").AllowAnonymous();
        type.MapGet("/skjema.json", (string name, string version, DefinitionCatalogue definitions) =>
            Answer(definitions.Find(name, version), JsonSchema.Of, "application/schema+json"));
        type.MapGet("/eksempel.json", (string name, string version, DefinitionCatalogue definitions) =>
            Answer(definitions.Find(name, version), ExampleMessage.Of, "application/json"));
    }

    private static Results<ContentHttpResult, NotFound> Answer(
        MessageType? type, Func<MessageType, string> write, string contentType) =>
        type is not { Format: WireFormat.Json } ? TypedResults.NotFound() : TypedResults.Text(write(type), contentType);
}
