using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Kilde.Portal.Shell;

/// <summary>
/// The style sheets, script, typeface and icon of the pages, read once from the assembly. An address holds the file's
/// hash, so a browser keeps it for good and still gets a new one when it changes.
/// </summary>
public static class PortalFiles
{
    private const string Folder = "assets/";
    private const string Route = "/filer";
    private const int HashDigits = 12;

    private static readonly Dictionary<string, string> ContentTypes = new(StringComparer.Ordinal)
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".woff2"] = "font/woff2",
    };

    private static readonly Dictionary<string, PortalFile> Files = ReadAll();

    /// <summary>The address of a file, or null when the build did not have it (design system not fetched).</summary>
    public static string? Url(string name) =>
        Files.TryGetValue(name, out var file) ? $"{Route}/{name}?v={file.Hash}" : null;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(Route + "/{name}", (string name, HttpContext context) => Handle(name, context))
            .AllowAnonymous().WithName(nameof(PortalFiles));

    private static IResult Handle(string name, HttpContext context)
    {
        if (!Files.TryGetValue(name, out var file)) return TypedResults.NotFound();

        var headers = context.Response.Headers;
        headers.CacheControl = context.Request.Query["v"] == file.Hash
            ? "public, max-age=31536000, immutable"
            : "public, max-age=300";
        headers.Vary = HeaderNames.AcceptEncoding;
        var etag = new EntityTagHeaderValue($"\"{file.Hash}\"");
        var accepted = context.Request.Headers.AcceptEncoding.ToString();
        if (file.Brotli is null || !accepted.Contains("br", StringComparison.Ordinal))
        {
            return TypedResults.Bytes(file.Content, file.ContentType, entityTag: etag);
        }

        headers.ContentEncoding = "br";
        return TypedResults.Bytes(file.Brotli, file.ContentType, entityTag: etag);
    }

    private static Dictionary<string, PortalFile> ReadAll()
    {
        var assembly = typeof(PortalFiles).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .ToDictionary(name => name[Folder.Length..], name => Read(assembly, name), StringComparer.Ordinal);
    }

    private static PortalFile Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var extension = Path.GetExtension(name);
        return new PortalFile(
            content,
            extension == ".woff2" ? null : Compress(content),
            ContentTypes[extension],
            Convert.ToHexStringLower(SHA256.HashData(content))[..HashDigits]);
    }

    private static byte[] Compress(byte[] content)
    {
        using var output = new MemoryStream();
        using (var brotli = new BrotliStream(output, CompressionLevel.Optimal)) brotli.Write(content);
        return output.ToArray();
    }

    private sealed record PortalFile(byte[] Content, byte[]? Brotli, string ContentType, string Hash);
}
