import type { labels as Labels } from '../en/labels.ts'

/** Texts that come with mammoset; a project's own are shown as they were written. */
export const TOLD: Readonly<Record<string, string>> = {
  'incomplete: need additional imaging or prior examinations': 'chưa đủ: cần chụp thêm hoặc so với lần khám trước',
  negative: 'bình thường',
  benign: 'lành tính',
  'probably benign': 'có khả năng lành tính',
  suspicious: 'nghi ngờ ác tính',
  'highly suggestive of malignancy': 'rất gợi ý ác tính',
  'known biopsy-proven malignancy': 'ác tính đã có sinh thiết',
  'almost entirely fatty': 'gần như toàn mỡ',
  'scattered areas of fibroglandular density': 'mô sợi tuyến rải rác',
  'heterogeneously dense': 'đặc không đồng nhất',
  'extremely dense': 'rất đặc',
  Asymmetries: 'Bất đối xứng',
  'Associated features': 'Dấu hiệu kèm theo',
  'Space-occupying lesion with outward-curved borders, seen in two projections; if radiodense, denser in the center. Seen in one projection only, call it an asymmetry.':
    'Khối: tổn thương choán chỗ có bờ lồi ra ngoài, thấy trên hai hướng chụp; nếu cản quang thì đậm hơn ở trung tâm. Nếu chỉ thấy trên một hướng thì gọi là bất đối xứng.',
  'Calcifications of suspicious shape (amorphous, coarse heterogeneous, fine pleomorphic, fine linear or branching), or probably benign ones (BI-RADS 3).':
    'Vôi hóa nghi ngờ: vôi hóa có hình dạng nghi ngờ (vô định hình, thô không đồng nhất, nhỏ đa hình thái, mảnh dạng đường hoặc phân nhánh), hoặc có khả năng lành tính (BI-RADS 3).',
  'Area of fibroglandular density seen in one projection only; mostly overlapping normal tissue.':
    'Bất đối xứng: vùng đậm độ sợi tuyến chỉ thấy trên một hướng chụp; phần lớn là mô bình thường chồng hình.',
  'Compared with the other breast, more fibroglandular density in less than one quadrant; similar in both projections, with inward-curved borders and fat in between, less conspicuous than a mass.':
    'Bất đối xứng khu trú: so với vú bên kia, đậm độ sợi tuyến nhiều hơn trong vùng nhỏ hơn một phần tư vú; hình dạng giống nhau trên hai hướng chụp, bờ lõm và xen lẫn mỡ, không rõ như khối.',
  'Compared with the other breast, more fibroglandular density over one quadrant or more; without mass, distortion or suspicious calcifications.':
    'Bất đối xứng toàn thể: so với vú bên kia, đậm độ sợi tuyến nhiều hơn trên một phần tư vú hoặc hơn; không có khối, xáo trộn cấu trúc hay vôi hóa nghi ngờ.',
  'Tissue drawn out of its course with no mass to be seen: lines or spicules from one point, or an edge of the parenchyma pulled in or straightened.':
    'Xáo trộn cấu trúc: mô bị kéo lệch mà không thấy khối: các đường hoặc tua gai tỏa ra từ một điểm, hoặc bờ nhu mô bị co kéo hay thẳng ra.',
  'Skin thicker than 2 mm, in one place or all over; of weight when new, expected on one side after radiotherapy.':
    'Dày da: da dày hơn 2 mm, khu trú hoặc lan tỏa; có ý nghĩa khi mới xuất hiện, thường gặp một bên sau xạ trị.',
  'Skin drawn inwards.': 'Co kéo da: da bị kéo lõm vào trong.',
  'Nipple drawn inwards, above all when new; not the long-standing inversion, often of both sides, that means nothing by itself.':
    'Co kéo núm vú: núm vú bị kéo vào trong, nhất là khi mới xuất hiện; không phải núm vú tụt từ lâu, thường ở cả hai bên và tự nó không có ý nghĩa.',
  'Axillary node that has lost its fatty hilum or the fat around it, or is irregular in outline, unusually dense, or calcified.':
    'Hạch nghi ngờ: hạch nách mất rốn mỡ hoặc mất lớp mỡ bao quanh, hoặc có bờ không đều, đậm bất thường hay có vôi hóa.',
  // of the list of differences
  recall: 'gọi lại',
  'no recall': 'không gọi lại',
  'no BI-RADS': 'không có BI-RADS',
  'no density': 'không có mật độ',
  'not marked': 'không đánh dấu',
}

/** Of a list of differences: `DENSITY B`, `Mass (no BI-RADS)`. */
function pieced(text: string): string {
  const density = /^DENSITY ([A-D])$/.exec(text)
  if (density !== null) return `mật độ ${density[1]}`
  return text.replace(/\(no BI-RADS\)$/, '(không có BI-RADS)')
}

export const labels: typeof Labels = {
  told: (text) => TOLD[text] ?? pieced(text),
  definitions: 'Định nghĩa',
  birads: 'BI-RADS của vú',
  densities: 'Mật độ',
  categories: 'Tổn thương',
  needsBirads: 'cần BI-RADS',
  source: 'Theo labels.toml của dự án. Các định nghĩa đi kèm mammoset do chúng tôi diễn đạt lại, theo ACR BI-RADS Atlas (bản thứ 5, 2013); các loại tổn thương là của VinDr-Mammo (2023).',
}
