using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Definitions.Publishing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kilde.Portal.MessageTypes;

/// <summary>The documentation, the example and, for JSON, the schema of a message type, as files.</summary>
public static class DownloadSchema
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var type = routes.MapGroup("/meldingstyper/{name}/{version}").AllowAnonymous();
        type.MapGet("/skjema.json", (string name, string version, DefinitionCatalogue definitions) =>
            Answer(Json(definitions, name, version), JsonSchema.Of, "application/schema+json"));
        type.MapGet("/eksempel.json", (string name, string version, DefinitionCatalogue definitions) =>
            Answer(Json(definitions, name, version), ExampleMessage.Of, "application/json"));
        type.MapGet("/eksempel.xml", (string name, string version, DefinitionCatalogue definitions) =>
            Answer(definitions.FindXmlReader(name, version)?.Type, ExampleXml.Of, "application/xml"));
        type.MapGet("/dokumentasjon.md", (string name, string version, DefinitionCatalogue definitions) =>
            Answer(definitions.Find(name, version), Documentation, "text/markdown"));
    }

    private static MessageType? Json(DefinitionCatalogue definitions, string name, string version) =>
        definitions.FindReader(name, version)?.Type;

    private static string Documentation(MessageType type) => MarkdownPage.Of(DocumentationPage.Of(type));

    private static Results<ContentHttpResult, NotFound> Answer(
        MessageType? type, Func<MessageType, string> write, string contentType) =>
        type is null
            ? TypedResults.NotFound()
            : TypedResults.Text(write(type), contentType, System.Text.Encoding.UTF8);
}
